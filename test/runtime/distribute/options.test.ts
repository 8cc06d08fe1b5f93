/** Strategies reject options and arguments that JavaScript would silently ignore. */
import { describe, expect, test } from 'vitest';

import { ErrorCode, MirroredStrategy, PerReplica, ReductionToOneDevice } from '../../../src/runtime/index.js';

const refusal = (message: RegExp): unknown =>
  expect.objectContaining({
    code: ErrorCode.InvalidArgument,
    message: expect.stringMatching(message) as unknown,
  }) as unknown;

describe('options of MirroredStrategy', () => {
  test.each<[unknown, RegExp]>([
    [2, /takes an object of options, not 2/],
    ['gpu:0', /not "gpu:0"/],
    [['gpu:0', 'gpu:1'], /not a list/],
    [null, /not null/],
    [{ device: 2 }, /MirroredStrategy has no option "device"/],
    [{ seed: 0.5 }, /seed must be a whole number, not 0\.5/],
    [{ seed: '3' }, /seed must be a whole number, not "3"/],
    [{ runEagerly: 'false' }, /runEagerly must be true or false/],
    [{ gradientAccumulationSteps: 0 }, /gradientAccumulationSteps must be a whole number of 1 or more, not 0/],
    [{ gradientAccumulationSteps: 1.5 }, /gradientAccumulationSteps/],
    [{ crossDeviceOps: 'nccl' }, /must be an instance of CrossDeviceOps/],
    [{ communicationOptions: 5 }, /communicationOptions must be an object, not 5/],
    [{ communicationOptions: { timeout: 5 } }, /communicationOptions has no option "timeout"/],
    [{ communicationOptions: { timeoutSeconds: -1 } }, /timeoutSeconds must be a number of 0 or more, not -1/],
    [{ communicationOptions: { timeoutSeconds: '5' } }, /timeoutSeconds/],
    [{ communicationOptions: { timeoutSeconds: Number.NaN } }, /timeoutSeconds/],
    [{ communicationOptions: { bytesPerPack: -1 } }, /bytesPerPack/],
    [{ communicationOptions: { implementation: 'mpi' } }, /implementation must be 'auto', 'ring' or 'nccl', not "mpi"/],
  ])('rejects %j', (options, message) => {
    expect(() => new MirroredStrategy(options as never)).toThrow(refusal(message));
  });

  test('accepts every option, and undefined for each', () => {
    const all = {
      devices: 2,
      engine: 'logical',
      crossDeviceOps: new ReductionToOneDevice(),
      communicationOptions: { bytesPerPack: 0, timeoutSeconds: Infinity, implementation: 'ring' },
      runEagerly: true,
      seed: -3,
      gradientAccumulationSteps: 2,
    } as const;
    expect(new MirroredStrategy(all).numReplicasInSync).toBe(2);
    const none = Object.fromEntries(Object.keys(all).map((name) => [name, undefined]));
    expect(
      new MirroredStrategy({ ...none, engine: 'logical', communicationOptions: { timeoutSeconds: undefined as never } })
        .numReplicasInSync,
    ).toBe(1);
  });
});

test('the methods of a strategy reject arguments of the wrong type', () => {
  const strategy = new MirroredStrategy({ devices: 2 });
  expect(() => strategy.scope(5 as never)).toThrow(refusal(/scope\(\) takes a function, not 5/));
  expect(() => strategy.run(undefined as never)).toThrow(refusal(/run\(\) takes a function, not undefined/));
  expect(() => strategy.run(() => 1, 5 as never)).toThrow(refusal(/arguments of run\(\) must be a list/));
  expect(() => strategy.run(() => 1, [{ x: new PerReplica([1, 2, 3]) }])).toThrow(
    refusal(/A value for 3 replicas was passed to a strategy with 2/),
  );
  expect(() => strategy.distributeDataset([1, 2] as never)).toThrow(refusal(/takes a tf\.data dataset/));
});
