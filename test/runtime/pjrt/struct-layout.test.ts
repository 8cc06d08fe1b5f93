import { describe, expect, it } from 'vitest';

import { encodeCompileOptions } from '../../../src/runtime/pjrt/compile-options.js';
import { checkVersion } from '../../../src/runtime/pjrt/plugin-api.js';
import { layoutOf } from '../../../src/runtime/pjrt/struct-layout.js';
import { PJRT_FUNCTIONS, PJRT_STRUCTS } from '../../../src/runtime/pjrt/struct-layouts-table.js';

describe('the structs of the PJRT C API', () => {
  it('are shorter in older versions', () => {
    const bytes = (minor: number) => layoutOf(PJRT_STRUCTS.PJRT_ExecuteOptions, minor).bytes;
    // From the header of each version.
    expect([58, 64, 76, 78, 90, 97, 115].map(bytes)).toEqual([72, 80, 88, 112, 112, 120, 120]);
    expect(layoutOf(PJRT_FUNCTIONS.PJRT_Client_Create, 58).bytes).toBe(72);
    expect(layoutOf(PJRT_FUNCTIONS.PJRT_Client_Create, 61).bytes).toBe(88);
  });

  it('end with their last field', () => {
    expect(layoutOf(PJRT_FUNCTIONS.PJRT_Event_IsReady, 90).bytes).toBe(25);
    expect(layoutOf(PJRT_FUNCTIONS.PJRT_Error_GetCode, 90).bytes).toBe(28);
    expect(layoutOf(PJRT_FUNCTIONS.PJRT_Plugin_Initialize, 90).bytes).toBe(16);
  });

  it('are not known in other major versions, and in very old ones', () => {
    const check = (major: number, minor: number) => () => {
      checkVersion('plugin.so', { major, minor });
    };
    expect(check(0, 90)).not.toThrow();
    expect(check(0, 400)).not.toThrow();
    expect(check(1, 90)).toThrow('version 1.90');
    expect(check(0, 57)).toThrow('version 0.57');
  });

  it('encode on which devices a program runs', () => {
    const ordinal = [0x08, ...Array.from({ length: 9 }, () => 0xff), 1];
    const build = [...ordinal, 0x20, 2, 0x28, 1, 0x4a, 10, 0x08, 2, 0x10, 1, 0x1a, 4, 0x0a, 2, 1, 0];
    expect([...encodeCompileOptions({ replicas: 2, deviceIds: [1, 0] })]).toEqual([0x1a, build.length, ...build]);
  });
});
