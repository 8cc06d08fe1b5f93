/**
 * Behaviours that the tests of TensorFlow's and Keras's distribution assert; docs/distribution-behaviours.md names
 * them. On both engines, eagerly and traced.
 */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test, vi } from 'vitest';

import {
  type DistributedOptimizer,
  type DistributedVariable,
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
  tfFunction,
  variable,
  VariableAggregation,
  VariableSynchronization,
} from '../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../src/runtime/tensorflow/locate.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';

const context = (): ReplicaContext => getReplicaContext() as ReplicaContext;
const list = (tensor: unknown): unknown => (tensor as tf.Tensor).arraySync();
const { MEAN, SUM, ONLY_FIRST_REPLICA, NONE } = VariableAggregation;
const { ON_READ } = VariableSynchronization;

describe.each<EngineName>(['logical', 'tensorflow'])('%s', (engine) => {
  if (engine === 'tensorflow' && locateTensorFlow().files === undefined) return;
  if (engine === 'logical') useCpuBackend();
  let two: MirroredStrategy;
  beforeAll(() => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    two = new MirroredStrategy({ devices: 2, engine });
  });
  const local = (value: unknown): unknown[] => two.localResults(value).map(list);
  const rowsOf = async (rows: tf.TensorContainer[], size: number): Promise<PerReplica[]> => {
    const batches: PerReplica[] = [];
    for await (const batch of two.distributeDataset(tf.data.array(rows as number[]).batch(size)))
      batches.push(batch as PerReplica);
    return batches;
  };

  describe.each(['eager', 'traced'])('%s', (mode) => {
    const wrap = <Fn extends (...args: never[]) => unknown>(fn: Fn): Fn =>
      (mode === 'traced' ? tfFunction(fn as never) : fn) as Fn;

    test('a step over a distributed dataset', async () => {
      const square = wrap((x: tf.Tensor) => x.square());
      const results = (await rowsOf([5, 6, 7, 8], 2)).map((batch) => local(two.run(square, [batch])).flat());
      expect(results).toEqual([
        [25, 36],
        [49, 64],
      ]);
    });

    test('a number as an argument, and nested results', () => {
      expect(
        local(
          two.run(
            wrap((x: number) => tf.scalar(x).square()),
            [2],
          ),
        ),
      ).toEqual([4, 4]);
      const nested = two.run(
        wrap((x: tf.Tensor) => [{ a: x.sub(1), b: x.add(1) }]),
        [new PerReplica([tf.scalar(0), tf.scalar(1)])],
      ) as { a: PerReplica; b: PerReplica }[];
      expect([local(nested[0]?.a), local(nested[0]?.b)]).toEqual([
        [-1, 0],
        [1, 2],
      ]);
    });

    test('a last batch with fewer rows: means, sizes and sums of each replica', async () => {
      const [batch] = (await rowsOf([5, 6, 7], 4)) as [PerReplica];
      expect(
        local(
          two.run(
            wrap((x: tf.Tensor) => x.mean()),
            [batch],
          ),
        ),
      ).toEqual([5.5, 7]);
      expect(
        local(
          two.run(
            wrap((x: tf.Tensor) => tf.scalar(x.size)),
            [batch],
          ),
        ),
      ).toEqual([2, 1]);
      expect(list(two.reduce(ReduceOp.MEAN, batch, 0))).toBe(6);
      const matrix = new PerReplica([tf.ones([2, 2]), tf.ones([1, 2])]);
      expect(list(two.reduce(ReduceOp.MEAN, matrix, 0))).toEqual([1, 1]);
    });

    test('a replica without rows returns values of its own, and empty ones', async () => {
      const [batch] = (await rowsOf([5], 2)) as [PerReplica];
      const [fixed, squares] = two.run(
        wrap((x: tf.Tensor) => [tf.zeros([3]), x.square()]),
        [batch],
      ) as [PerReplica, PerReplica];
      expect(local(fixed)).toEqual([
        [0, 0, 0],
        [0, 0, 0],
      ]);
      expect(local(squares)).toEqual([[25], []]);
    });

    test('the first replica has fewer columns than the second one', () => {
      const rows = new PerReplica([tf.ones([2, 2]).mul(1.5), tf.ones([2, 3]).mul(2)]);
      expect(
        local(
          two.run(
            wrap((x: tf.Tensor) => x.mean()),
            [rows],
          ),
        ),
      ).toEqual([1.5, 2]);
    });

    test('variables that count and sum over a whole dataset', async () => {
      const [steps, total] = two.scope(() => [
        variable(1, { aggregation: ONLY_FIRST_REPLICA }),
        variable(0, { aggregation: SUM }),
      ]) as [DistributedVariable, DistributedVariable];
      const step = wrap((x: tf.Tensor) => {
        steps.assignAdd(1);
        total.assignAdd(x.sum());
        return steps.clone();
      });
      const seen = (await rowsOf([5, 6, 7, 8], 2)).map((batch) => local(two.run(step, [batch])));
      expect(seen).toEqual([
        [2, 2],
        [3, 3],
      ]);
      expect([list(steps), list(total)]).toEqual([3, 26]);
    });

    test('a captured variable, and the mean of the results', () => {
      const captured = two.scope(() => variable(1));
      const step = wrap((x: tf.Tensor) => x.square().add(captured));
      const results = two.run(step, [new PerReplica([tf.scalar(2), tf.scalar(3)])]);
      expect(list(two.reduce(ReduceOp.MEAN, results))).toBe(7.5);
    });

    test('gradients in a step, of data and of variables', () => {
      const gradient = wrap((x: tf.Tensor) => tf.grad((each) => each.square())(x));
      expect(local(two.run(gradient, [new PerReplica([tf.tensor1d([5, 6]), tf.tensor1d([7, 8])])]))).toEqual([
        [10, 12],
        [14, 16],
      ]);
      const weights = two.scope(() => [variable(1.25), variable(2)]) as [tf.Variable, tf.Variable];
      const inner = wrap((factor: number) => weights[0].mul(factor).add(weights[1]));
      const outer = wrap((factor: number) => inner(factor as never).add(1));
      expect(local(two.run(outer, [2]))).toEqual([5.5, 5.5]);
      const slopes = two.run(
        wrap(() => {
          const { grads } = tf.variableGrads(() => outer(2).sum(), weights);
          return weights.map(({ name }) => grads[name] as tf.Tensor);
        }),
      ) as PerReplica[];
      expect(slopes.map((each) => local(each))).toEqual([
        [2, 2],
        [1, 1],
      ]);
      const perReplica = two.run(
        wrap((factor: tf.Tensor) => weights[0].mul(factor)),
        [new PerReplica([tf.scalar(5), tf.scalar(3)])],
      );
      expect(local(perReplica)).toEqual([6.25, 3.75]);
    });

    test('gradients of several replicas, aggregated by the optimizer', () => {
      const weight = tf.variable(tf.zeros([2]));
      const optimizer = tf.train.sgd(0.1) as DistributedOptimizer;
      const step = wrap((gradient: tf.Tensor) => {
        optimizer.applyGradients({ [weight.name]: gradient });
        return weight.clone();
      });
      const results = local(two.run(step, [new PerReplica([tf.tensor1d([1, 1]), tf.tensor1d([2, 2])])])) as number[][];
      for (const value of results.flat()) expect(value).toBeCloseTo(-0.3, 6);
    });

    test('all-reduce of a variable', () => {
      const weight = two.scope(() => variable(2, { aggregation: MEAN }));
      const step = wrap(() => context().allReduce(ReduceOp.SUM, weight).add(context().replicaIdInSyncGroup));
      expect(local(two.run(step))).toEqual([4, 5]);
    });

    test('operators use the value of the replica inside, and the combination outside', () => {
      const mirrored = two.scope(() => variable(1, { aggregation: SUM }));
      expect(list(mirrored.add(1))).toBe(2);
      expect(local(two.run(wrap(() => mirrored.add(1))))).toEqual([2, 2]);
      const own = two.scope(() => variable(0, { aggregation: MEAN, synchronization: ON_READ }));
      two.run(
        wrap(() => {
          own.assign(tf.scalar(context().replicaIdInSyncGroup));
        }),
      );
      expect(list(own.add(1))).toBe(1.5);
      expect(local(two.run(wrap(() => own.add(1))))).toEqual([1, 2]);
      expect(two.localResults(own).map(list)).toEqual([0, 1]);
    });

    test('values with a component per replica can be assigned in replicas', () => {
      const values = new PerReplica([tf.scalar(2), tf.scalar(2)]);
      const expected = new Map([
        [SUM, 4],
        [MEAN, 2],
        [ONLY_FIRST_REPLICA, 2],
      ]);
      for (const [aggregation, value] of expected) {
        const target = two.scope(() => variable(0, { aggregation }));
        two.run(
          wrap(() => {
            target.assignAdd(values);
          }),
        );
        expect(list(target)).toBe(value);
        expect(() => {
          target.assignAdd(values);
        }).toThrow(/outside replicas/);
      }
    });

    test('saving and restoring', () => {
      const save = (from: tf.Variable): tf.Tensor => from.clone();
      for (const [aggregation, saved, restored] of [
        [SUM, 7, 1],
        [MEAN, 3.5, 2],
      ] as const) {
        const own = two.scope(() => variable(1, { aggregation, synchronization: ON_READ }));
        two.run(
          wrap(() => {
            own.assign(tf.scalar(context().replicaIdInSyncGroup === 1 ? 3 : 4));
          }),
        );
        expect(list(save(own))).toBe(saved);
        own.assign(save(own));
        expect(own.values.map(list)).toEqual([3.5, 3.5]);
        own.assign(tf.scalar(2));
        expect(own.values.map(list)).toEqual([restored, restored]);
      }
      for (const aggregation of [NONE, ONLY_FIRST_REPLICA, SUM, MEAN]) {
        const mirrored = two.scope(() => variable(2, { aggregation }));
        expect(list(save(mirrored))).toBe(2);
        mirrored.assign(tf.scalar(3));
        expect(mirrored.values.map(list)).toEqual([3, 3]);
      }
    });
  });

  test('a traced function runs its code once for a signature', () => {
    let runs = 0;
    const step = tfFunction(() => {
      runs++;
    });
    two.run(step);
    const first = runs;
    for (let call = 0; call < 9; call++) two.run(step);
    if (engine === 'tensorflow') expect(runs).toBe(first);
    expect(first).toBeGreaterThan(0);
  });

  test('replicas that return other structures are an error', () => {
    const misuse = expect.objectContaining({ code: ErrorCode.StrategyMisuse }) as unknown;
    expect(() => two.run(() => Array.from({ length: context().replicaIdInSyncGroup }, () => 1))).toThrow(misuse);
  });

  test('the names of operations are accepted in any case', () => {
    const value = new PerReplica([tf.scalar(1), tf.scalar(3)]);
    for (const name of ['sum', 'SUM']) expect(list(two.reduce(name as never, value))).toBe(4);
    for (const name of ['mean', 'MEAN']) expect(list(two.reduce(name as never, value))).toBe(2);
  });

  test('variables know whether they are trainable, how they aggregate and when they synchronize', () => {
    two.scope(() => {
      const plain = variable(1);
      expect([plain.trainable, plain.aggregation, plain.synchronization]).toEqual([true, 'NONE', 'ON_WRITE']);
      const onRead = { aggregation: SUM, synchronization: ON_READ };
      expect(variable(1, onRead).trainable).toBe(false);
      expect(variable(1, { ...onRead, trainable: true }).trainable).toBe(true);
      expect(variable(1, { ...onRead, trainable: false }).trainable).toBe(false);
      expect(variable(1, onRead).synchronization).toBe('ON_READ');
    });
  });

  test('a variable of one strategy cannot be changed in another one', () => {
    const other = new MirroredStrategy({ devices: 2, engine });
    const weight = two.scope(() => variable(1, { aggregation: SUM }));
    const misuse = expect.objectContaining({ code: ErrorCode.StrategyMisuse }) as unknown;
    expect(() => {
      other.scope(() => {
        weight.assign(tf.scalar(2));
      });
    }).toThrow(misuse);
  });

  test('the default strategy: contexts, merges, runs and datasets', async () => {
    const strategy = getStrategy();
    expect(
      context().mergeCall(
        (merging, text: string) => [
          merging === strategy,
          getReplicaContext(),
          inCrossReplicaContext(),
          hasStrategy(),
          `foo_${text}`,
        ],
        ['bar'],
      ),
    ).toEqual([true, undefined, true, false, 'foo_bar']);
    expect(strategy.scope(() => [hasStrategy(), getStrategy() === strategy])).toEqual([false, true]);
    expect(list(strategy.run((x: tf.Tensor) => x, [tf.scalar(3)]))).toBe(3);
    expect(list(strategy.reduce(ReduceOp.MEAN, tf.scalar(1)))).toBe(1);
    for await (const batch of strategy.distributeDataset(tf.data.array([0, 1, 2, 3]).batch(2))) {
      expect(list(batch)).toEqual([0, 1]);
      break;
    }
  });
});
