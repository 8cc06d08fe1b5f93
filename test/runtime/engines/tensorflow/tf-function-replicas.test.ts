/**
 * With `strategy.run(tfFunction(step))`, each replica runs one TensorFlow function, and they train as one device does.
 */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';

import {
  HierarchicalCopyAllReduce,
  MirroredStrategy,
  PerReplica,
  ReduceOp,
  tfFunction,
} from '../../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';
import { GraphBuilder } from '../../../../src/runtime/trace/graph-builder.js';
import { expectSameNumbers } from '../../support/compare-training.js';
import {
  BATCH,
  type Batch,
  batches,
  countingTraces,
  me,
  network,
  numbers,
  split,
  strategyOf,
  trainingStep,
} from '../../support/replica-training.js';

describe.skipIf(locateTensorFlow().files === undefined)('tfFunction inside strategy.run', () => {
  let warn: MockInstance<typeof console.warn>;
  beforeAll(() => void strategyOf(4));
  beforeEach(() => {
    warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  });
  afterEach(() => {
    warn.mockRestore();
  });
  const warnings = (): string[] =>
    warn.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('runs eagerly'));

  const OPTIMIZERS = new Map<string, () => tf.Optimizer>([
    ['sgd', () => tf.train.sgd(0.1)],
    ['adam', () => tf.train.adam(0.05)],
    ['momentum', () => tf.train.momentum(0.05, 0.9)],
  ]);
  describe.each([...OPTIMIZERS.keys()])('%s', (name) => {
    const optimizerOf = OPTIMIZERS.get(name) as () => tf.Optimizer;
    test.each([1, 2, 3, 4])('%i replicas train as plain TensorFlow.js does', (devices) => {
      const [plain, plainOptimizer] = [network(), optimizerOf()];
      const expected = [1, 2].flatMap(() =>
        batches().map(
          (batch) =>
            numbers(
              plainOptimizer.minimize(
                () => tf.div<tf.Scalar>(plain.squares(batch), batch.xs.shape[0]),
                true,
                plain.variables,
              ) as tf.Scalar,
            )[0],
        ),
      );

      const strategy = strategyOf(devices);
      const net = network();
      const optimizer = optimizerOf();
      const step = tfFunction(trainingStep(net, optimizer));
      const losses: number[] = [];
      const traces = countingTraces(() => {
        for (let epoch = 0; epoch < 2; epoch++) {
          for (const batch of batches()) {
            const loss = strategy.run(step, [split(batch, devices), batch.xs.shape[0]] as never);
            losses.push(numbers(strategy.localResults(loss).at(-1) as tf.Tensor)[0] as number);
          }
        }
      });
      expectSameNumbers(expected, losses, 'loss');
      plain.variables.forEach((variable, index) => {
        expectSameNumbers(numbers(variable), numbers(net.variables[index] as tf.Variable), 'weight');
      });
      expect(optimizer.iterations).toBe(plainOptimizer.iterations);
      expect(warnings()).toEqual([]);
      // One per number of rows that a replica has, and not one per step.
      expect(traces).toBeLessThanOrEqual(4);
    });
  });

  test('replicas that reduce to one device agree on their variables, too', () => {
    const strategy = new MirroredStrategy({
      devices: 3,
      engine: 'tensorflow',
      crossDeviceOps: new HierarchicalCopyAllReduce(),
    });
    const weight = tf.variable(tf.scalar(1));
    const step = tfFunction((own: tf.Scalar) => {
      weight.assign(tf.add(weight, me().allReduce(ReduceOp.MEAN, own)));
    });
    strategy.run(step, [new PerReplica([tf.scalar(1), tf.scalar(3), tf.scalar(5)])] as never);
    expect(numbers(weight)).toEqual([4]);
    expect(warnings()).toEqual([]);
  });

  test.each([2, 3])('%i replicas that write different values leave the mean in the variable', (devices) => {
    const strategy = strategyOf(devices);
    const state = tf.variable(tf.scalar(0));
    const input = new PerReplica(Array.from({ length: devices }, (_, replica) => tf.scalar(replica + 1)));
    strategy.run(
      tfFunction((own: tf.Scalar) => {
        state.assign(tf.mul(own, 2));
      }),
      [input] as never,
    );
    expectSameNumbers([devices + 1], numbers(state), 'mean');
    expect(warnings()).toEqual([]);
  });

  test('a value that is equal on all replicas is not reduced again', () => {
    const strategy = strategyOf(2);
    const weight = tf.variable(tf.scalar(1));
    const reduces = vi.spyOn(GraphBuilder.prototype, 'operation');
    const step = tfFunction((own: tf.Scalar) => {
      weight.assign(tf.add(weight, me().allReduce(ReduceOp.MEAN, own)));
    });
    strategy.run(step, [new PerReplica([tf.scalar(1), tf.scalar(3)])] as never);
    const collectives = reduces.mock.calls.filter(([op]) => op === 'CollectiveReduceV2').length;
    reduces.mockRestore();
    expect(numbers(weight)).toEqual([3]);
    // One recording serves both replicas.
    expect(collectives).toBe(1);
  });

  test('each replica that reads its number gets its own recording', () => {
    const strategy = strategyOf(3);
    const step = tfFunction((own: tf.Tensor) => ({
      sum: tf.add(own, me().replicaIdInSyncGroup * 10),
      id: me().replicaIdInSyncGroup,
    }));
    for (let count = 0; count < 2; count++) {
      const result = strategy.run(step, [tf.scalar(1 + count)] as never) as {
        sum: PerReplica;
        id: PerReplica<number>;
      };
      expect(result.sum.values.map((value) => numbers(value)[0])).toEqual([1 + count, 11 + count, 21 + count]);
      expect(result.id.values).toEqual([0, 1, 2]);
    }
    expect(warnings()).toEqual([]);
  });

  test('mergeCall sees the values of all replicas, and may write variables', () => {
    const strategy = strategyOf(3);
    const total = tf.variable(tf.scalar(0));
    const step = tfFunction((own: tf.Tensor) => {
      const merged = me().mergeCall(
        (outer, value: unknown) => {
          total.assign(outer.reduce(ReduceOp.SUM, value as PerReplica) as tf.Scalar);
          return tf.neg(total);
        },
        [tf.square(own)],
      );
      return tf.add(merged as tf.Tensor, own);
    });
    const result = strategy.run(step, [
      new PerReplica([tf.scalar(1), tf.scalar(2), tf.scalar(3)]),
    ] as never) as PerReplica;
    expect(result.values.map((value) => numbers(value)[0])).toEqual([-13, -12, -11]);
    expect(numbers(total)).toEqual([14]);
    expect(warnings()).toEqual([]);
  });

  test('gradients flow through allReduce', () => {
    const strategy = strategyOf(2);
    const gradient = (own: tf.Tensor): tf.Tensor =>
      tf.grad((x) => tf.square(me().allReduce(ReduceOp.SUM, tf.mul(x, 3))))(own);
    const input = [new PerReplica([tf.scalar(1), tf.scalar(2)])] as never;
    const eager = strategy.run(gradient, input) as PerReplica;
    const traced = strategy.run(tfFunction(gradient), input) as PerReplica;
    expect(traced.values.map(numbers)).toEqual(eager.values.map(numbers));
    expect(warnings()).toEqual([]);
  });

  test('two traced functions that the replicas call in turn see each other’s writes', () => {
    const results = [false, true].map((isTraced) => {
      const strategy = strategyOf(2);
      const weight = tf.variable(tf.scalar(1));
      const add = (own: tf.Tensor): tf.Tensor => {
        weight.assign(tf.add(weight, me().allReduce(ReduceOp.SUM, own)));
        return tf.clone(weight);
      };
      const double = (own: tf.Tensor): tf.Tensor => {
        weight.assign(tf.mul(weight, 2));
        return tf.mul(own, weight);
      };
      const [first, second] = isTraced ? [tfFunction(add), tfFunction(double)] : [add, double];
      const both = (own: tf.Tensor): tf.Tensor[] => [first(own), second(tf.add(own, 1))];
      const values = strategy.run(both, [new PerReplica([tf.scalar(1), tf.scalar(2)])] as never) as PerReplica[];
      return [...values.flatMap((value) => value.values.map((each) => numbers(each)[0])), ...numbers(weight)];
    });
    expect(results[0]).toEqual([4, 4, 16, 24, 8]);
    expect(results[1]).toEqual(results[0]);
    expect(warnings()).toEqual([]);
  });

  test('different collectives on different replicas are an error, as without tracing, and no replica hangs', () => {
    const strategy = strategyOf(2);
    const step = tfFunction((own: tf.Tensor) =>
      me().replicaIdInSyncGroup === 0 ? me().allReduce(ReduceOp.SUM, own) : own,
    );
    expect(() => strategy.run(step as never, [tf.scalar(1)] as never)).toThrow(
      /The replicas do not reach the same collective/,
    );
  });

  test('a function that throws on a replica causes one error, and no variable changes', () => {
    const strategy = strategyOf(2);
    const weight = tf.variable(tf.scalar(5));
    const step = tfFunction(() => {
      weight.assign(tf.scalar(6));
      if (me().replicaIdInSyncGroup === 1) throw new Error('out of luck');
    });
    expect(() => strategy.run(step)).toThrow(/Replica 1 on .*CPU:1 failed: out of luck/);
    expect(numbers(weight)).toEqual([5]);
  });

  test('a function that reads values on the host runs eagerly, with one warning for all steps and replicas', () => {
    const strategy = strategyOf(2);
    const step = tfFunction(function rounding(own: tf.Tensor) {
      return tf.add(me().allReduce(ReduceOp.SUM, own), Math.round(own.dataSync()[0] as number));
    });
    for (const offset of [0, 1]) {
      const input = new PerReplica([tf.scalar(1.4 + offset), tf.scalar(2.6 + offset)]);
      const result = strategy.run(step, [input] as never) as PerReplica;
      expectSameNumbers(
        [5 + 3 * offset, 7 + 3 * offset],
        result.values.map((value) => numbers(value)[0]),
        'rounded',
      );
    }
    expect(warnings()).toHaveLength(1);
    expect(warnings()[0]).toMatch(/rounding.*dataSync/);
    expect(warnings()[0]).toContain('tf-function-replicas.test.ts');
  });

  test('dropout draws a different mask on each replica and in each step', () => {
    const strategy = strategyOf(2);
    const step = tfFunction(() => tf.dropout(tf.ones([256]), 0.5));
    const drawn = [0, 1, 2].flatMap(() =>
      (strategy.run(step) as PerReplica).values.map((value) => numbers(value).join()),
    );
    expect(new Set(drawn).size).toBe(6);
  });

  test('calls leak no tensor', () => {
    const strategy = strategyOf(2);
    const [net, optimizer] = [network(), tf.train.adam(0.01)];
    const step = tfFunction(trainingStep(net, optimizer));
    const batch = split(batches()[0] as Batch, 2);
    const call = (): void => {
      (strategy.run(step, [batch, BATCH] as never) as PerReplica).dispose();
    };
    call();
    const before = tf.memory().numTensors;
    for (let count = 0; count < 5; count++) call();
    expect(tf.memory().numTensors).toBe(before);
  });

  describe('tfFunction around strategy.run', () => {
    test.each([1, 2, 3])('%i replicas train as plain TensorFlow.js does', (devices) => {
      const [plain, plainOptimizer] = [network(), tf.train.adam(0.05)];
      const strategy = strategyOf(devices);
      const [net, optimizer] = [network(), tf.train.adam(0.05)];
      const replicaStep = trainingStep(net, optimizer);
      const step = tfFunction((batch: ReturnType<typeof split>, rows: number) =>
        strategy.reduce(ReduceOp.MEAN, strategy.run(replicaStep as never, [batch, rows] as never)),
      );
      const losses: number[] = [];
      const expected: unknown[] = [];
      const traces = countingTraces(() => {
        for (const batch of [...batches(), ...batches()]) {
          const [rows] = batch.xs.shape;
          expected.push(
            numbers(
              plainOptimizer.minimize(
                () => tf.div<tf.Scalar>(plain.squares(batch), rows),
                true,
                plain.variables,
              ) as tf.Scalar,
            )[0],
          );
          losses.push(numbers(step(split(batch, devices), rows))[0] as number);
        }
      });
      expectSameNumbers(expected, losses, 'loss');
      plain.variables.forEach((variable, index) => {
        expectSameNumbers(numbers(variable), numbers(net.variables[index] as tf.Variable), 'weight');
      });
      expect(traces).toBe(2);
      expect(optimizer.iterations).toBe(plainOptimizer.iterations);
      expect(warnings()).toEqual([]);
    });

    test('a replica that waits and runs again draws the same random numbers', () => {
      const strategy = strategyOf(2);
      const step = tfFunction(() =>
        strategy.run(() => {
          const mask = tf.dropout(tf.ones([64]), 0.5);
          const [together] = [me().allReduce(ReduceOp.SUM, mask)];
          return [mask, together];
        }),
      );
      const [own, together] = step() as [PerReplica, PerReplica];
      const [first, second] = own.values.map(numbers) as [number[], number[]];
      expect(first).not.toEqual(second);
      for (const sum of together.values)
        expect(numbers(sum)).toEqual(first.map((value, index) => value + (second[index] as number)));
    });

    test('a function that reads values on the host runs eagerly, with one warning', () => {
      const strategy = strategyOf(2);
      const step = tfFunction(() => strategy.run(() => tf.scalar(tf.add(1, 2).dataSync()[0] as number)));
      expect((step() as PerReplica).values.map((value) => numbers(value)[0])).toEqual([3, 3]);
      step();
      expect(warnings()).toHaveLength(1);
    });
  });

  test('a function that is differentiated runs as part of the gradient', () => {
    const square = tfFunction((x: tf.Tensor) => tf.square(x));
    expect(numbers(tf.grad((x) => square(x))(tf.scalar(3)))).toEqual([6]);
  });
});
