import { describe, expect, it } from 'vitest';

import { withSharedThreads } from '../../../src/runtime/tensorflow/context-configuration.js';

const machine =
  (processors: number, gpus = 0) =>
  () => ({ processors, gpus });

describe('the number of threads of logical CPU devices', () => {
  it.each([
    [2, 8, 4],
    [3, 8, 2],
    [2, 2, 2],
    [4, 2, 2],
    [4, 6, 2],
  ])('%i devices share %i processors: %i threads an op', (cpuDevices, processors, threads) => {
    expect(withSharedThreads({ cpuDevices }, machine(processors))).toEqual({
      cpuDevices,
      intraOpParallelismThreads: threads,
    });
  });

  it('is TensorFlow’s choice for one device', () => {
    for (const configuration of [{}, { cpuDevices: 1 }])
      expect(withSharedThreads(configuration, machine(8))).toBe(configuration);
  });

  it('stays as it was set, even to 0', () => {
    for (const intraOpParallelismThreads of [0, 1, 8]) {
      const configuration = { cpuDevices: 2, intraOpParallelismThreads };
      expect(withSharedThreads(configuration, machine(8))).toBe(configuration);
    }
  });

  it('is TensorFlow’s choice when there are GPUs', () => {
    const configuration = { cpuDevices: 2 };
    expect(withSharedThreads(configuration, machine(8, 1))).toBe(configuration);
  });
});
