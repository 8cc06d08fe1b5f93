import { describe, expect, it } from 'vitest';

import { withSharedThreads } from '../../../src/runtime/tensorflow/context-configuration.js';

const machine =
  (processors: number, gpus = 0) =>
  () => ({ processors, gpus });

describe('threads of logical CPU devices', () => {
  it.each([
    [2, 8, 4],
    [3, 8, 2],
    [2, 2, 1],
    [4, 2, 1],
  ])('%i devices share %i processors: %i threads an op', (cpuDevices, processors, threads) => {
    expect(withSharedThreads({ cpuDevices }, machine(processors))).toEqual({
      cpuDevices,
      intraOpParallelismThreads: threads,
    });
  });

  it('are TensorFlow’s choice for one device', () => {
    for (const configuration of [{}, { cpuDevices: 1 }])
      expect(withSharedThreads(configuration, machine(8))).toBe(configuration);
  });

  it('stay what they were set to, 0 included', () => {
    for (const intraOpParallelismThreads of [0, 1, 8]) {
      const configuration = { cpuDevices: 2, intraOpParallelismThreads };
      expect(withSharedThreads(configuration, machine(8))).toBe(configuration);
    }
  });

  it('are TensorFlow’s choice where GPUs compute', () => {
    const configuration = { cpuDevices: 2 };
    expect(withSharedThreads(configuration, machine(8, 1))).toBe(configuration);
  });
});
