/** Makes variables with another value in each process, in a scope and in the code of replicas, and reports them. */
import * as tf from '@tensorflow/tfjs';

import {
  type DistributedVariable,
  tfFunction,
  variable,
  VariableAggregation,
  VariableSynchronization,
} from '../../../../src/runtime/index.js';
import { makeStrategy, writeResult } from '../support/worker-process.js';

/** What one process reports. */
export interface ChiefValues {
  readonly onRead: readonly number[];
  readonly onReadSum: number;
  readonly eager: readonly number[];
  readonly traced: readonly number[];
  readonly model: readonly number[];
}

const strategy = makeStrategy({ runEagerly: process.env['EAGER'] === '1' });
const { task } = JSON.parse(process.env['TF_CONFIG'] ?? '') as { task: { index: number } };
const own = 10 * (task.index + 1);

const counter = strategy.scope(() =>
  variable(own, {
    aggregation: VariableAggregation.SUM,
    synchronization: VariableSynchronization.ON_READ,
    dtype: 'float32',
  }),
) as DistributedVariable;

let eager: tf.Variable | undefined;
strategy.run(() => {
  eager ??= tf.variable(tf.tensor1d([own, own + 1]));
  counter.assignAdd(1);
  return eager.mul(2);
});

let traced: tf.Variable | undefined;
const tracedResults = strategy.run(
  tfFunction(() => {
    traced ??= tf.variable(tf.tensor1d([own + 2, own + 3]));
    return traced.add(0);
  }),
);

let model: tf.LayersModel | undefined;
const x = tf.ones([2, 3]);
const predictions = strategy.run(
  tfFunction(() => {
    model ??= tf.sequential({
      layers: [
        tf.layers.dense({
          units: 2,
          inputShape: [3],
          kernelInitializer: tf.initializers.constant({ value: own }),
          biasInitializer: tf.initializers.randomNormal({ seed: own }),
        }),
      ],
    });
    return model.apply(x) as tf.Tensor;
  }),
);
const numbersOf = (results: unknown): number[] =>
  strategy.localResults(results).flatMap((each) => [...each.dataSync()]);
writeResult({
  onRead: counter.values.flatMap((value) => [...value.dataSync()]),
  onReadSum: counter.dataSync()[0] ?? Number.NaN,
  eager: [...(eager?.dataSync() ?? [])],
  traced: numbersOf(tracedResults),
  model: numbersOf(predictions).slice(0, 2),
} satisfies ChiefValues);
process.exit(0);
