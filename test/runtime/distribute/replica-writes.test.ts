/**
 * Variables that replicas write or make in ways that differ between them: a traced function leaves what an eager one
 * leaves.
 */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, type MockInstance, test, vi } from 'vitest';

import {
  type EngineName,
  getReplicaContext,
  MirroredStrategy,
  PerReplica,
  ReduceOp,
  tfFunction,
  variable,
  VariableAggregation,
  VariableSynchronization,
} from '../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../src/runtime/tensorflow/locate.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';

const number = (tensor: unknown): number => (tensor as tf.Tensor).dataSync()[0] as number;
const me = (): number => getReplicaContext()?.replicaIdInSyncGroup ?? 0;

interface NamedGradient {
  readonly name: string;
  readonly tensor: tf.Tensor;
}

describe.each<EngineName>(['logical', 'tensorflow'])('%s', (engine) => {
  if (engine === 'tensorflow' && locateTensorFlow().files === undefined) return;
  if (engine === 'logical') useCpuBackend();
  let two: MirroredStrategy;
  let three: MirroredStrategy;
  let warn: MockInstance<typeof console.warn>;
  beforeAll(() => {
    warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    three = new MirroredStrategy({ devices: 3, engine });
    two = new MirroredStrategy({ devices: 2, engine });
  });

  describe.each(['eager', 'traced'])('%s', (mode) => {
    const wrap = <Fn extends (...args: never[]) => unknown>(fn: Fn): Fn =>
      (mode === 'traced' ? tfFunction(fn as never) : fn) as Fn;

    test.each([0, 1, 2])('only replica %i assigns a variable: call after call', (writer) => {
      const weight = tf.variable(tf.scalar(0));
      const other = tf.variable(tf.scalar(1));
      const step = wrap((value: tf.Scalar) => {
        if (me() === writer) weight.assign(value);
        other.assign(other.add(1));
        return weight.clone();
      });
      for (const value of [9, 6, 3]) three.run(step, [tf.scalar(value)]);
      // The other two replicas keep the value before: 3, then (6 + 3 + 3) / 3, then (3 + 4 + 4) / 3.
      expect(number(weight)).toBeCloseTo(11 / 3, 5);
      expect(number(other)).toBe(4);
    });

    test('the replicas assign different variables', () => {
      const weights = [tf.variable(tf.scalar(0)), tf.variable(tf.scalar(0))];
      const step = wrap(() => {
        weights[me()]?.assign(tf.scalar(4));
      });
      for (let call = 0; call < 2; call++) two.run(step);
      expect(weights.map(number)).toEqual([3, 3]);
    });

    test('each replica assigns a constant of its own number', () => {
      const weight = tf.variable(tf.scalar(0));
      const filled = tf.variable(tf.zeros([2]));
      const step = wrap(() => {
        weight.assign(tf.scalar(me() * 10));
        filled.assign(tf.fill([2], me() * 4));
        return weight.add(0);
      });
      for (let call = 0; call < 2; call++) two.run(step);
      expect([number(weight), ...filled.dataSync()]).toEqual([5, 2, 2]);
      expect(two.localResults(two.run(wrap(() => weight.add(0)))).map(number)).toEqual([5, 5]);
    });

    test('replicas whose parts have other shapes write other variables', () => {
      const [many, one] = [tf.variable(tf.scalar(0)), tf.variable(tf.scalar(0))];
      const step = wrap((rows: tf.Tensor1D) => {
        (rows.shape[0] > 1 ? many : one).assign(rows.sum());
      });
      two.run(step, [new PerReplica([tf.tensor1d([1, 2]), tf.tensor1d([4])])]);
      expect([number(many), number(one)]).toEqual([1.5, 2]);
      two.run(step, [new PerReplica([tf.tensor1d([1, 2]), tf.tensor1d([4, 5])])]);
      expect([number(many), number(one)]).toEqual([6, 2]);
    });

    test('a sum over the examples of all replicas, and a counter', () => {
      const total = two.scope(() =>
        variable(0, { aggregation: VariableAggregation.SUM, synchronization: VariableSynchronization.ON_READ }),
      );
      const written = two.scope(() => variable(0, { aggregation: VariableAggregation.SUM }));
      const step = wrap((rows: tf.Tensor1D) => {
        total.assignAdd(rows.sum());
        written.assignAdd(rows.sum());
      });
      const batch = new PerReplica([tf.tensor1d([0, 1, 2, 3, 4]), tf.tensor1d([5, 6, 7, 8, 9])]);
      two.run(step, [batch]);
      expect([number(total), number(written)]).toEqual([45, 45]);
      two.run(step, [batch]);
      expect([number(total), number(written)]).toEqual([90, 90]);
      expect(total.values.map(number)).toEqual([20, 70]);
      total.assign(tf.scalar(0));
      two.run(step, [batch]);
      expect([number(total), number(written)]).toEqual([45, 135]);
    });

    test('a merge sees the sum of a variable that synchronizes on read, and may assign it', () => {
      const total = two.scope(() =>
        variable(0, { aggregation: VariableAggregation.SUM, synchronization: VariableSynchronization.ON_READ }),
      );
      const step = (own: tf.Scalar): tf.Tensor => {
        total.assignAdd(own);
        const seen = getReplicaContext()?.mergeCall(() => total.clone()) as tf.Tensor;
        getReplicaContext()?.mergeCall(() => {
          total.assign(tf.scalar(10));
        });
        total.assignAdd(1);
        return seen;
      };
      const seen = two.run(step, [new PerReplica([tf.scalar(1), tf.scalar(2)])]);
      expect(two.localResults(seen).map(number)).toEqual([3, 3]);
      expect(number(total)).toBe(12);
    });

    test('a failed run leaves variables as they were', () => {
      const total = two.scope(() =>
        variable(3, { aggregation: VariableAggregation.SUM, synchronization: VariableSynchronization.ON_READ }),
      );
      const written = two.scope(() => variable(3, { aggregation: VariableAggregation.MEAN }));
      const optimizer = tf.train.sgd(1);
      const step = wrap(() => {
        total.assignAdd(1);
        written.assignAdd(1);
        optimizer.applyGradients({ [written.name]: tf.scalar(1) });
        if (me() === 1) throw new Error('out of luck');
      });
      expect(() => two.run(step)).toThrow(/out of luck/);
      expect([number(total), number(written), optimizer.iterations]).toEqual([6, 3, 0]);
    });

    test('an optimizer that extends one of TensorFlow.js sums once', () => {
      class Halving extends tf.SGDOptimizer {
        override applyGradients(gradients: NamedGradient[]): void {
          super.applyGradients(gradients.map(({ name, tensor }) => ({ name, tensor: tf.div(tensor, 2) })));
        }
      }
      const weight = tf.variable(tf.scalar(0));
      const optimizer = new Halving(1);
      two.run(wrap(() => void optimizer.minimize(() => weight.mul(me() + 1), false, [weight])));
      expect(number(weight)).toBe(-1.5);
      expect(optimizer.iterations).toBe(1);
    });

    test('an optimizer class that extends none of TensorFlow.js sums, too', () => {
      class Own extends tf.Optimizer {
        static className = 'Own';
        override applyGradients(gradients: NamedGradient[]): void {
          for (const { name, tensor } of gradients) {
            const variable = tf.engine().registeredVariables[name] as tf.Variable;
            variable.assign(variable.sub(tensor));
          }
        }
        override getConfig(): Record<string, never> {
          return {};
        }
      }
      const weight = tf.variable(tf.scalar(0));
      const optimizer = new Own();
      two.run(wrap(() => void optimizer.minimize(() => weight.mul(me() + 1), false, [weight])));
      expect(number(weight)).toBe(-3);
    });
  });

  test('a variable that replicas make is one variable, with the first value of replica 0', () => {
    const made = three.run(() => {
      const named = tf.variable(tf.scalar(me() + 5), true, `made-${engine}`);
      const counter = variable(me(), { aggregation: VariableAggregation.SUM });
      const sum = getReplicaContext()?.allReduce(ReduceOp.SUM, named);
      counter.assignAdd(1);
      return { named, counter, sum };
    }) as { named: tf.Variable; counter: tf.Variable; sum: PerReplica };
    expect(made.named.name).toBe(`made-${engine}`);
    expect(number(made.named)).toBe(5);
    expect(number(made.counter)).toBe(3);
    expect(three.localResults(made.sum).map(number)).toEqual([15, 15, 15]);
    tf.dispose([made.named, made.counter]);
  });

  test('a variable of each loop round is one of its own', () => {
    const made = two.run(() => [1, 2].map((value) => tf.variable(tf.scalar(value + me())))) as tf.Variable[];
    expect(made.map(number)).toEqual([1, 2]);
    tf.dispose(made);
  });

  test('changing a variable leaks no tensor', () => {
    const strategy = two;
    const made = strategy.scope(() => [
      variable(0, { aggregation: VariableAggregation.SUM, synchronization: VariableSynchronization.ON_READ }),
      variable(0, { aggregation: VariableAggregation.MEAN }),
    ]);
    const steps = [
      () => {
        made.forEach((each) => {
          each.assignAdd(me() + 1);
        });
      },
    ];
    const all = [...steps, ...steps.map((step) => tfFunction(step))];
    const round = (): void => {
      for (const step of all) strategy.run(step);
      made.map(number);
    };
    // Steps in flight keep the values from before them.
    const rounds = 6;
    for (let count = 0; count < rounds; count++) round();
    const before = tf.memory().numTensors;
    for (let count = 0; count < rounds; count++) round();
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(made);
    expect(tf.memory().numTensors).toBeLessThan(before - 2);
  });

  test('no step of these falls back to eager code', () => {
    expect(warn.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('runs eagerly'))).toEqual([]);
  });
});
