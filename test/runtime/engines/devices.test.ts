/** The choice of devices and of the engine. */
import { afterEach, describe, expect, test, vi } from 'vitest';

import { partsOf } from '../../../src/runtime/distribute/strategy-parts.js';
import {
  describeEngines,
  ErrorCode,
  HierarchicalCopyAllReduce,
  MirroredStrategy,
  OneDeviceStrategy,
} from '../../../src/runtime/index.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

const names = (devices?: ConstructorParameters<typeof MirroredStrategy>[0]): string[] =>
  new MirroredStrategy({ engine: 'logical', ...devices }).devices.map(({ name }) => name);

describe('devices of the logical engine', () => {
  test.each([
    [undefined, ['logical:0']],
    [1, ['logical:0']],
    [3, ['logical:0', 'logical:1', 'logical:2']],
    [
      [1, 0],
      ['logical:1', 'logical:0'],
    ],
    [
      ['gpu:0', '/gpu:2'],
      ['logical:0', 'logical:2'],
    ],
    [
      ['/device:GPU:1', '/job:localhost/replica:0/task:0/device:CPU:0'],
      ['logical:1', 'logical:0'],
    ],
    [
      ['3', 'logical:1'],
      ['logical:3', 'logical:1'],
    ],
  ])('%j', (devices, expected) => {
    expect(names({ devices })).toEqual(expected);
  });

  test.each([
    [0, ErrorCode.InvalidArgument],
    [-1, ErrorCode.InvalidArgument],
    [1.5, ErrorCode.InvalidArgument],
    [Number.NaN, ErrorCode.InvalidArgument],
    ['2', ErrorCode.InvalidArgument],
    [[], ErrorCode.InvalidArgument],
    [[0, 'gpu:0'], ErrorCode.InvalidArgument],
    [['fast'], ErrorCode.UnknownDevice],
    [[-1], ErrorCode.UnknownDevice],
    [[null], ErrorCode.UnknownDevice],
  ])('refuses %j', (devices, code) => {
    expect(() => names({ devices: devices as never })).toThrow(expect.objectContaining({ code }));
  });

  test('one device', () => {
    expect(new OneDeviceStrategy('gpu:1', { engine: 'logical' }).devices.map(({ name }) => name)).toEqual([
      'logical:1',
    ]);
  });
});

describe('the engine', () => {
  test('is named by the option or the environment', () => {
    vi.stubEnv('MIRRORSCOPE_ENGINE', 'logical');
    expect(partsOf(new MirroredStrategy()).runner.name).toBe('logical');
    expect(describeEngines().find(({ selected }) => selected)).toMatchObject({
      name: 'logical',
      selectedBy: 'MIRRORSCOPE_ENGINE',
      available: true,
    });
    vi.stubEnv('MIRRORSCOPE_ENGINE', 'quantum');
    const unavailable = expect.objectContaining({
      code: ErrorCode.EngineUnavailable,
      hint: expect.stringContaining('logical') as unknown,
    }) as unknown;
    expect(() => new MirroredStrategy()).toThrow(unavailable);
    expect(partsOf(new MirroredStrategy({ engine: 'logical' })).runner.name).toBe('logical');
    expect(() => new MirroredStrategy({ engine: 'quantum' as never })).toThrow(unavailable);
  });

  test('is otherwise the best that is installed', () => {
    vi.stubEnv('MIRRORSCOPE_ENGINE', 'auto');
    const engines = describeEngines();
    expect(engines.filter(({ selected }) => selected)).toHaveLength(1);
    expect(engines.find(({ name }) => name === 'logical')).toMatchObject({ available: true });
  });

  test('crossDeviceOps must be an instance of CrossDeviceOps', () => {
    expect(
      new MirroredStrategy({ devices: 2, crossDeviceOps: new HierarchicalCopyAllReduce() }).crossDeviceOps.name,
    ).toBe('HierarchicalCopyAllReduce');
    expect(() => new MirroredStrategy({ crossDeviceOps: 'nccl' as never })).toThrow(
      expect.objectContaining({ code: ErrorCode.InvalidArgument }),
    );
  });
});
