/** The short form of `npm run soak:training`. Needs dist/. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';

describe.skipIf(locateTensorFlow().files === undefined)('a short training soak', () => {
  test('keeps memory, tensors and handles flat', { timeout: 180_000 }, () => {
    const script = fileURLToPath(new URL('../../../../scripts/soak/training-soak.js', import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, ['--expose-gc', script, '--steps', '400'], {
      encoding: 'utf8',
      timeout: 170_000,
    });
    expect(stdout).toContain('  flat');
    expect(status).toBe(0);
  });
});
