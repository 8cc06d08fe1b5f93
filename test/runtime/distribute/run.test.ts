/** strategy.run, reduce, gather, localResults, collectives and merges behave as tf.distribute documents. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import {
  ErrorCode,
  getReplicaContext,
  getStrategy,
  HierarchicalCopyAllReduce,
  inCrossReplicaContext,
  Mirrored,
  MirroredStrategy,
  MirrorscopeError,
  OneDeviceStrategy,
  PerReplica,
  ReduceOp,
  type ReplicaContext,
  type Strategy,
} from '../../../src/runtime/index.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';

useCpuBackend();

const two = new MirroredStrategy({ devices: 2 });
const three = new MirroredStrategy({ devices: 3, crossDeviceOps: new HierarchicalCopyAllReduce() });
const context = (): ReplicaContext => getReplicaContext() as ReplicaContext;
const id = (): number => context().replicaIdInSyncGroup;
const list = (tensor: unknown): unknown => (tensor as tf.Tensor).arraySync();

describe('run', () => {
  test('passes each replica its own component, also in nested arguments, and other values unchanged', () => {
    const perReplica = new PerReplica([tf.tensor1d([1]), tf.tensor1d([2])]);
    const result = two.run(
      (nested: { deep: unknown[] }, plain: string) => {
        return { value: tf.mul(nested.deep[0] as tf.Tensor, 10), plain: `${plain}${id()}`, nothing: null };
      },
      [{ deep: [perReplica] }, 'r'],
    ) as { value: PerReplica; plain: PerReplica<string>; nothing: null };
    expect(two.localResults(result.value).map(list)).toEqual([[10], [20]]);
    expect(result.plain.values).toEqual(['r0', 'r1']);
    expect(result.nothing).toBeNull();
    expect(two.localResults(result)).toHaveLength(2);
  });

  test('returns the plain result with one replica', () => {
    const one = new OneDeviceStrategy();
    expect(list(one.run((x: tf.Tensor) => x.square(), [tf.scalar(3)]))).toBe(9);
    expect(one.localResults(7)).toEqual([7]);
    expect(list(getStrategy().run((x: tf.Tensor) => x.square(), [tf.scalar(4)]))).toBe(16);
  });

  test('releases tensors that are not returned', () => {
    const before = tf.memory().numTensors;
    const result = two.run(() => tf.scalar(id()).add(1).mul(2)) as PerReplica;
    expect(tf.memory().numTensors).toBe(before + 2);
    result.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('each replica writes its own copy of a variable, which afterwards has the mean of the copies', () => {
    const weight = tf.variable(tf.scalar(10));
    const count = tf.variable(tf.scalar(5, 'int32'), false, undefined, 'int32');
    const seen = two.run(() => {
      weight.assign(weight.add<tf.Scalar>(id() + 1));
      count.assign(count.add<tf.Scalar>(tf.scalar(1, 'int32')));
      return weight.clone();
    });
    expect(two.localResults(seen).map(list)).toEqual([11, 12]);
    expect(list(weight)).toBe(11.5);
    expect(list(count)).toBe(6);
  });

  test('rejects async functions, and calls inside a replica or another scope', () => {
    const misuse = expect.objectContaining({ code: ErrorCode.StrategyMisuse }) as unknown;
    expect(() => two.run(() => Promise.resolve(tf.scalar(1)))).toThrow(
      /^The function that replicas run must not be async/,
    );
    expect(() => two.run(() => Promise.resolve(tf.scalar(1)))).toThrow(misuse);
    expect(() => two.run(() => two.run(() => 1))).toThrow(/inside a replica/);
    expect(() => two.scope(() => three.run(() => 1))).toThrow(misuse);
    expect(() => two.run(() => two.reduce(ReduceOp.SUM, tf.scalar(1)))).toThrow(
      /reduce\(\) cannot be called inside a replica/,
    );
  });

  test('an error in one replica is reported once, names replica and device, and changes nothing', () => {
    const weight = tf.variable(tf.scalar(1));
    const before = tf.memory().numTensors;
    const broken = new RangeError('only here');
    let thrown: unknown;
    try {
      three.run(() => {
        weight.assign(tf.scalar(99));
        tf.keep(tf.scalar(3));
        if (id() === 1) throw broken;
        return tf.scalar(1);
      });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(MirrorscopeError);
    expect(thrown).toMatchObject({ code: ErrorCode.ReplicaFailed, cause: broken });
    expect((thrown as Error).message).toMatch(/Replica 1 on \S+ failed: only here/);
    expect(list(weight)).toBe(1);
    // The user owns the tensor that replica 0 passed to tf.keep.
    expect(tf.memory().numTensors).toBe(before + 1);
  });
});

test('inside a replica, a model of the scope predicts and evaluates on that replica only', () => {
  const sizes: number[] = [];
  const model = two.scope(() => {
    const built = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' })],
    });
    const loss = (target: tf.Tensor, output: tf.Tensor): tf.Tensor => {
      sizes.push(target.shape[0]);
      return tf.losses.meanSquaredError(target, output);
    };
    built.compile({ optimizer: 'sgd', loss });
    return built;
  });
  const rows = new PerReplica([tf.ones([3, 2]), tf.zeros([1, 2])]);
  const result = two.run(
    (part: tf.Tensor) => {
      model.evaluate(part, tf.ones([part.shape[0], 1]));
      return model.predict(part);
    },
    [rows],
  );
  expect(list(two.gather(result, 0))).toEqual([[2], [2], [2], [0]]);
  expect(sizes).toEqual([3, 1]);
});

describe('allReduce', () => {
  test.each([two, three])('sums and averages over the replicas', (strategy) => {
    const n = strategy.numReplicasInSync;
    const result = strategy.run(() => {
      const own = tf.tensor1d([id(), 1]);
      return [context().allReduce(ReduceOp.SUM, own), context().allReduce(ReduceOp.MEAN, { own }).own];
    }) as PerReplica[];
    const ids = Array.from({ length: n }, (_, index) => index).reduce((sum, index) => sum + index, 0);
    for (const value of strategy.localResults(result[0])) expect(list(value)).toEqual([ids, n]);
    for (const value of strategy.localResults(result[1])) expect(list(value)).toEqual([ids / n, 1]);
  });

  test('a collective can use the result of the one before', () => {
    const result = three.run(() => {
      let value = tf.scalar(id() + 1);
      for (let round = 0; round < 4; round++)
        value = context().allReduce(ReduceOp.MEAN, value.mul<tf.Scalar>(id() + 1));
      return value;
    });
    // (1·1 + 2·2 + 3·3) / 3 = 14/3, which is then doubled three times.
    for (const value of three.localResults(result)) expect(list(value)).toBeCloseTo((14 / 3) * 8, 4);
  });

  test('random numbers and variables are the same when a replica runs again', () => {
    const weight = tf.variable(tf.scalar(0));
    const result = two.run(() => {
      weight.assign(weight.add<tf.Scalar>(1));
      const own = tf.randomUniform([3]);
      const sum = context().allReduce(ReduceOp.SUM, own);
      return { own, sum };
    }) as { own: PerReplica; sum: PerReplica };
    const [first, second] = two.localResults(result.own).map(list) as number[][];
    expect(first).not.toEqual(second);
    const expected = (first as number[]).map((value, index) => value + ((second as number[])[index] as number));
    expect(list(two.localResults(result.sum)[0]) as number[]).toEqual(
      expected.map((value) => expect.closeTo(value, 5) as unknown),
    );
    expect(list(weight)).toBe(1);
  });

  test('gradients flow through it, and are all-reduced, too', () => {
    // L_r = (r + 1) · S² with S = Σ x_r: each replica gets Σ_r (r + 1) · 2S.
    const gradients = two.run(
      (x: tf.Tensor) => {
        const weighted = (input: tf.Tensor): tf.Scalar =>
          context()
            .allReduce(ReduceOp.SUM, input)
            .square()
            .sum()
            .mul<tf.Scalar>(id() + 1);
        return tf.grad(weighted)(x);
      },
      [new PerReplica([tf.scalar(2), tf.scalar(3)])],
    );
    expect(two.localResults(gradients).map(list)).toEqual([30, 30]);
  });

  test('in a custom training loop, summed gradients move a variable once, although every replica applies them', () => {
    const weight = tf.variable(tf.scalar(0));
    const optimizer = tf.train.adam(0.1);
    const before = tf.memory().numTensors;
    const reference = tf.variable(tf.scalar(0));
    const referenceOptimizer = tf.train.adam(0.1);
    for (let step = 0; step < 3; step++) {
      const losses = two.run(
        (target: tf.Tensor) => {
          const { value, grads } = tf.variableGrads(() => weight.sub(target).square().div<tf.Scalar>(2), [weight]);
          optimizer.applyGradients(grads as never);
          return value;
        },
        [new PerReplica([tf.scalar(1), tf.scalar(3)])],
      ) as PerReplica;
      losses.dispose();
      referenceOptimizer.minimize(
        () => tf.stack([reference.sub(1).square(), reference.sub(3).square()]).mean<tf.Scalar>(),
        false,
        [reference],
      );
    }
    expect(list(weight)).toBeCloseTo(list(reference) as number, 5);
    expect(list(weight)).not.toBe(0);
    expect(tf.memory().numTensors - before).toBeLessThan(20);
  });

  test('rejects replicas that make different calls', () => {
    const misuse = (run: () => unknown): string => {
      try {
        run();
      } catch (error) {
        expect(error).toMatchObject({ code: ErrorCode.StrategyMisuse });
        return (error as Error).message;
      }
      throw new Error('did not throw');
    };
    expect(
      misuse(() => two.run(() => (id() === 0 ? context().allReduce(ReduceOp.SUM, tf.ones([2])) : tf.ones([2])))),
    ).toMatch(/replica 0 waits in allReduce SUM of \[2\]; replica 1 has finished/);
    expect(misuse(() => two.run(() => context().allReduce(ReduceOp.SUM, tf.ones([id() + 1]))))).toMatch(
      /of \[1\]; replica 1 waits in allReduce SUM of \[2\]/,
    );
    expect(() => two.run(() => context().allReduce(ReduceOp.SUM, 'text' as never))).toThrow(/takes tensors/);
    expect(() => two.run(() => context().allReduce('MAX' as never, tf.ones([1])))).toThrow(/not a reduce operation/);
  });

  test('a replica that catches the internal exception cannot continue alone', () => {
    const result = two.run(() => {
      let sum = tf.scalar(-1);
      try {
        sum = context().allReduce(ReduceOp.SUM, tf.scalar(id() + 1));
      } catch {
        return sum;
      }
      return sum;
    });
    expect(two.localResults(result).map(list)).toEqual([3, 3]);
  });

  test('leaks no tensor', () => {
    const before = tf.memory().numTensors;
    for (let round = 0; round < 3; round++) {
      const result = three.run(() => {
        const [sum] = context().allReduce(ReduceOp.SUM, [tf.ones([2]), tf.ones([3])]);
        return context().allReduce(ReduceOp.MEAN, sum);
      }) as PerReplica;
      result.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  test('is the identity outside every strategy', () => {
    expect(list(context().allReduce(ReduceOp.SUM, tf.scalar(4)))).toBe(4);
  });
});

describe('mergeCall', () => {
  test('runs once, in cross-replica context, with distributed arguments, and returns its result to all replicas', () => {
    let calls = 0;
    const weight = tf.variable(tf.scalar(0));
    const result = two.run(() => {
      const merged = context().mergeCall(
        (strategy: Strategy, value: unknown) => {
          calls++;
          expect(inCrossReplicaContext()).toBe(true);
          const sum = strategy.reduce(ReduceOp.SUM, value) as tf.Scalar;
          weight.assign(sum);
          return sum;
        },
        [tf.scalar(id() + 5)],
      ) as tf.Tensor;
      return merged.add(weight).add(id());
    });
    expect(calls).toBe(1);
    expect(two.localResults(result).map(list)).toEqual([22, 23]);
    expect(list(weight)).toBe(11);
  });

  test('leaks no tensor', () => {
    const before = tf.memory().numTensors;
    const result = two.run(() =>
      context().mergeCall((strategy, value) => strategy.reduce(ReduceOp.MEAN, value), [tf.scalar(id())]),
    ) as PerReplica;
    expect(two.localResults(result).map(list)).toEqual([0.5, 0.5]);
    result.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('reduce', () => {
  const ragged = new PerReplica([tf.tensor1d([1, 2, 3]), tf.tensor1d([6])]);
  const even = new PerReplica([
    tf.tensor2d([
      [1, 2],
      [3, 4],
    ]),
    tf.tensor2d([
      [5, 6],
      [7, 8],
    ]),
  ]);

  test('over replicas only', () => {
    expect(list(two.reduce(ReduceOp.SUM, even))).toEqual([
      [6, 8],
      [10, 12],
    ]);
    expect(list(two.reduce(ReduceOp.MEAN, even))).toEqual([
      [3, 4],
      [5, 6],
    ]);
  });
  test('over replicas and an axis, counting elements', () => {
    expect(list(two.reduce(ReduceOp.SUM, even, 0))).toEqual([16, 20]);
    expect(list(two.reduce(ReduceOp.MEAN, even, -1))).toEqual([3.5, 5.5]);
    expect(list(two.reduce(ReduceOp.MEAN, ragged, 0))).toBe(3);
  });
  test('numbers, structures, mirrored and plain values', () => {
    expect(list(two.reduce(ReduceOp.MEAN, new PerReplica([1, 4])))).toBe(2.5);
    const nested: { a: tf.Tensor[] } = two.reduce(ReduceOp.SUM, { a: [even] }, 0);
    expect(list(nested.a[0])).toEqual([16, 20]);
    const same = tf.scalar(4);
    expect(list(two.reduce(ReduceOp.SUM, new Mirrored([same, same])))).toBe(8);
    expect(list(two.reduce(ReduceOp.MEAN, same))).toBe(4);
    expect(() => two.reduce(ReduceOp.SUM, same)).toThrow(expect.objectContaining({ code: ErrorCode.InvalidArgument }));
    expect(() => two.reduce('PROD' as never, even)).toThrow(/not a reduce operation/);
    expect(() => two.reduce(ReduceOp.SUM, new PerReplica(['a', 'b']))).toThrow(/tensors and numbers/);
  });
  test('gather concatenates along an axis', () => {
    expect(list(two.gather(ragged, 0))).toEqual([1, 2, 3, 6]);
    expect(list(two.gather(even, 1))).toEqual([
      [1, 2, 5, 6],
      [3, 4, 7, 8],
    ]);
    expect(() => two.gather(new PerReplica([tf.scalar(1), tf.scalar(2)]), 0)).toThrow(/Scalars cannot be gathered/);
  });
});
