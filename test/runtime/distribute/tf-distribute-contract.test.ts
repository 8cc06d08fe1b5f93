/**
 * The requirements for every strategy in tensorflow/python/distribute/strategy_test_lib.py and in the documentation of
 * tf.distribute, on both engines. The cases for sessions, summaries and input iterators have no counterpart in
 * TensorFlow.js.
 */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test, vi } from 'vitest';

import {
  type DistributionStrategy,
  type EngineName,
  ErrorCode,
  getReplicaContext,
  getStrategy,
  hasStrategy,
  inCrossReplicaContext,
  MirroredStrategy,
  PerReplica,
  ReduceOp,
  type ReplicaContext,
} from '../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../src/runtime/tensorflow/locate.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';

const context = (): ReplicaContext => getReplicaContext() as ReplicaContext;
const list = (tensor: unknown): unknown => (tensor as tf.Tensor).arraySync();

class TestException extends Error {}

function raise(): never {
  throw new TestException('raised');
}

/** Lists the error that `body` throws, its cause, the cause of that, and so on. */
function chain(body: () => unknown): unknown[] {
  try {
    body();
  } catch (error) {
    const errors: unknown[] = [];
    for (let each = error; each !== undefined; each = (each as Error).cause) errors.push(each);
    return errors;
  }
  throw new Error('did not throw');
}

describe.each<EngineName>(['logical', 'tensorflow'])('%s', (engine) => {
  if (engine === 'tensorflow' && locateTensorFlow().files === undefined) return;
  const make = (devices: number): MirroredStrategy => new MirroredStrategy({ devices, engine });
  if (engine === 'logical') useCpuBackend();
  let two: MirroredStrategy;
  beforeAll(() => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    // Make the larger strategy first: TensorFlow's logical devices are fixed when it starts.
    make(3);
    two = make(2);
  });

  test('_test_run: results of one run can be arguments of the next', () => {
    const first = two.run(() => context().replicaIdInSyncGroup + 1) as PerReplica<number>;
    expect(two.localResults(first)).toEqual([1, 2]);
    const second = two.run((x: number) => ({ a: x * 2, b: x * x }), [first]) as {
      a: PerReplica<number>;
      b: PerReplica<number>;
    };
    expect(two.localResults(second.a)).toEqual([2, 4]);
    expect(two.localResults(second.b)).toEqual([1, 4]);
    const third = two.run(({ a, b }: { a: number; b: number }) => b + 3 * a + 5, [second]);
    expect(two.localResults(third)).toEqual([12, 21]);
  });

  test('_test_replica_id: every replica runs once, and knows its number', () => {
    const seen: number[] = [];
    make(3).run(() => void seen.push(context().replicaIdInSyncGroup));
    expect(seen).toEqual([0, 1, 2]);
  });

  test('_test_all_reduce_sum and _mean', () => {
    const inputs = [
      new PerReplica([tf.scalar(1), tf.scalar(3)]),
      new PerReplica([tf.tensor1d([39, 2]), tf.tensor1d([3, 41])]),
    ];
    for (const [operation, number, vector] of [
      [ReduceOp.SUM, 4, [42, 43]],
      [ReduceOp.MEAN, 2, [21, 21.5]],
    ] as const) {
      const outputs = two.run(
        (value: unknown) => context().allReduce(operation, value as tf.Tensor[]),
        [inputs],
      ) as PerReplica[];
      expect(two.localResults(outputs[0]).map(list)).toEqual([number, number]);
      expect(two.localResults(outputs[1]).map(list)).toEqual([vector, vector]);
    }
  });

  test('_test_all_reduce_sum_gradient_tape and _mean_', () => {
    for (const [operation, gradient] of [
      [ReduceOp.SUM, 4],
      [ReduceOp.MEAN, 2],
    ] as const) {
      const step = (c: tf.Tensor): tf.Tensor => tf.grad((x) => context().allReduce(operation, x).mul(c))(tf.scalar(42));
      const gradients = two.run(step, [new PerReplica([tf.scalar(1), tf.scalar(3)])]);
      expect(two.localResults(gradients).map(list)).toEqual([gradient, gradient]);
    }
  });

  test('_test_minimize_loss: the summed gradients of the replicas move a variable once', () => {
    const kernel = tf.variable(tf.tensor2d([[0.25]]));
    const loss = (): tf.Scalar =>
      tf
        .matMul(tf.tensor2d([[1]]), kernel)
        .reshape([])
        .sub(1)
        .square() as tf.Scalar;
    const errors: number[] = [];
    for (let step = 0; step < 10; step++) {
      const gradients = two.run(() => tf.variableGrads(loss, [kernel]).grads[kernel.name]);
      kernel.assign(kernel.sub(two.reduce(ReduceOp.SUM, gradients).mul(0.2)));
      errors.push(Math.abs(((list(kernel) as number[][])[0]?.[0] as number) - 1));
    }
    expect(errors.at(-1)).toBeLessThan(0.01);
  });

  describe('_test_call_and_merge_exceptions', () => {
    const mergeRaises = (): unknown => context().mergeCall(raise);
    const cases: [string, () => unknown, number][] = [
      ['in a replica', raise, 1],
      ['in a merge', mergeRaises, 0],
      ['in a replica of a run in a merge', () => context().mergeCall((strategy) => strategy.run(raise)), 1],
      ['in a merge of a run in a merge', () => context().mergeCall((strategy) => strategy.run(mergeRaises)), 0],
    ];
    test.each(cases)('%s', (_, fn, wrapped) => {
      const weight = tf.variable(tf.scalar(1));
      const errors = chain(() =>
        two.run(() => {
          weight.assign(tf.scalar(2));
          return fn();
        }),
      );
      expect(errors).toHaveLength(wrapped + 1);
      expect(errors.at(-1)).toBeInstanceOf(TestException);
      if (wrapped === 1) expect(errors[0]).toMatchObject({ code: ErrorCode.ReplicaFailed });
      expect(list(weight)).toBe(1);
      // The failed run leaves no frame open.
      expect(hasStrategy()).toBe(false);
      expect(two.localResults(two.run(() => 7))).toEqual([7, 7]);
    });
  });

  test('contexts: outside, in a scope, in a replica, in a merge', () => {
    const look = (): unknown[] => [
      getStrategy() === two,
      hasStrategy(),
      inCrossReplicaContext(),
      getReplicaContext()?.replicaIdInSyncGroup,
    ];
    expect(look()).toEqual([false, false, false, 0]);
    expect(two.scope(look)).toEqual([true, true, true, undefined]);
    const seen: unknown[][] = [];
    two.run(() => {
      seen.push(look());
      context().mergeCall(() => void seen.push(look()));
      return null;
    });
    expect(seen).toContainEqual([true, true, false, 0]);
    expect(seen).toContainEqual([true, true, false, 1]);
    expect(seen.filter(([, , cross]) => cross)).toEqual([[true, true, true, undefined]]);
    expect(look()).toEqual([false, false, false, 0]);
  });

  test('scopes: the same strategy can be nested; another strategy, or a scope in a replica, is rejected; errors close scopes', () => {
    const misuse = expect.objectContaining({ code: ErrorCode.StrategyMisuse }) as unknown;
    expect(two.scope(() => two.scope(() => getStrategy() === two))).toBe(true);
    expect(() => two.scope(() => make(3).scope(() => 1))).toThrow(misuse);
    expect(chain(() => two.run(() => two.scope(() => 1))).at(-1)).toEqual(misuse);
    expect(() => two.scope(raise)).toThrow(TestException);
    expect(hasStrategy()).toBe(false);
    expect(two.scope(() => two.localResults(two.run(() => context().replicaIdInSyncGroup)))).toEqual([0, 1]);
  });

  test('cross-replica methods are rejected in a replica, and allowed in a merge', () => {
    const value = new PerReplica([tf.tensor1d([1]), tf.tensor1d([2, 3])]);
    const methods: ((strategy: DistributionStrategy) => unknown)[] = [
      (strategy) => strategy.run(() => 1),
      (strategy) => strategy.reduce(ReduceOp.SUM, value, 0),
      (strategy) => strategy.gather(value, 0),
      (strategy) => strategy.distributeValuesFromFunction(() => 1),
    ];
    for (const method of methods) {
      expect(chain(() => two.run(() => method(two))).at(-1)).toMatchObject({ code: ErrorCode.StrategyMisuse });
      expect(() => two.run(() => context().mergeCall((strategy) => void method(strategy)))).not.toThrow();
    }
  });

  test('distributeValuesFromFunction calls its function for each replica with its number', () => {
    const value = make(3).distributeValuesFromFunction(
      ({ replicaIdInSyncGroup, numReplicasInSync }) => replicaIdInSyncGroup / numReplicasInSync,
    );
    expect(value.values).toEqual([0, 1 / 3, 2 / 3]);
  });

  test('all_gather concatenates ragged and nested values on every replica', () => {
    const input = new PerReplica([tf.tensor2d([[1], [2]]), tf.tensor2d([[3]])]);
    const gathered = two.run((own: tf.Tensor) => context().allGather({ rows: own }, 0), [input]) as {
      rows: PerReplica;
    };
    expect(two.localResults(gathered.rows).map(list)).toEqual([
      [[1], [2], [3]],
      [[1], [2], [3]],
    ]);
    const along = two.run((own: tf.Tensor) => context().allGather(own.transpose(), -1), [input]);
    expect(two.localResults(along).map(list)).toEqual([[[1, 2, 3]], [[1, 2, 3]]]);
    const empty = two.run(
      (own: tf.Tensor) => context().allGather(own, 0),
      [new PerReplica([tf.tensor1d([5]), tf.zeros([0])])],
    );
    expect(two.localResults(empty).map(list)).toEqual([[5], [5]]);
    expect(chain(() => two.run(() => context().allGather(tf.scalar(1), 0))).at(-1)).toMatchObject({
      code: ErrorCode.InvalidArgument,
    });
  });

  test('gradients flow through all_gather to the replica’s own part', () => {
    // L_r = c_r · Σ wᵢ gᵢ with w = (1, 2, 3), so each replica gets its part of Σ c_r · w.
    const step = (own: tf.Tensor, c: number): tf.Tensor =>
      tf.grad((x) =>
        context()
          .allGather(x, 0)
          .mul(tf.tensor1d([1, 2, 3]))
          .sum()
          .mul(c),
      )(own);
    const gradients = two.run(step, [
      new PerReplica([tf.tensor1d([1, 1]), tf.tensor1d([1])]),
      new PerReplica([10, 100]),
    ]);
    expect(two.localResults(gradients).map(list)).toEqual([[110, 220], [330]]);
  });

  test('run with gathers and merges leaks no tensor', () => {
    const input = new PerReplica([tf.tensor1d([1, 2]), tf.tensor1d([3])]);
    const round = (): void => {
      (two.run((own: tf.Tensor) => context().allGather(own, 0), [input]) as PerReplica).dispose();
    };
    round();
    const before = tf.memory().numTensors;
    round();
    expect(tf.memory().numTensors).toBe(before);
  });
});
