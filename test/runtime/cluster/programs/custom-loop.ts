/**
 * Custom training loops and the methods of a strategy, eager and traced. With `ALONE`, all replicas are in this
 * process: the results must be the same.
 */
import type { PerReplica } from '../../../../src/runtime/index.js';

import * as tf from '@tensorflow/tfjs';

import {
  getReplicaContext,
  MirroredStrategy,
  ReduceOp,
  type Strategy,
  tfFunction,
  variable,
  VariableAggregation,
  VariableSynchronization,
} from '../../../../src/runtime/index.js';
import { SILENT } from '../../support/silent.js';
import { makeStrategy, writeResult } from '../support/worker-process.js';

const { ALONE, TF_CONFIG = '{}' } = process.env;
const isChief = (JSON.parse(TF_CONFIG) as { task?: { index: number } }).task?.index === 0;
const strategy: Strategy =
  ALONE === undefined ? makeStrategy({ seed: 7 }) : new MirroredStrategy({ devices: Number(ALONE), seed: 7 });
const results: Record<string, unknown> = {};
const numbers = (value: unknown): number[] => [...(value as tf.Tensor).dataSync()];

/** One value for each local replica, by the number of the replica. */
const perReplica = (make: (replicaId: number) => tf.Tensor): unknown =>
  strategy.distributeValuesFromFunction(({ replicaIdInSyncGroup }) => make(replicaIdInSyncGroup));

const ids = perReplica((id) => tf.tensor1d([id + 1, 10 * (id + 1)])) as PerReplica;
results['reduce sum'] = numbers(strategy.reduce(ReduceOp.SUM, ids));
results['reduce mean'] = numbers(strategy.reduce(ReduceOp.MEAN, ids));
results['reduce mean over rows'] = numbers(strategy.reduce(ReduceOp.MEAN, ids, 0));
const ragged = perReplica((id) => tf.fill([id + 1, 2], id)) as PerReplica;
results['gather'] = numbers(strategy.gather(ragged, 0));
results['gather columns'] = numbers(strategy.gather(perReplica((id) => tf.fill([2, id + 1], id)) as PerReplica, 1));
results['gather whole numbers'] = numbers(
  strategy.gather(perReplica((id) => tf.tensor1d([id, id + 1], 'int32')) as PerReplica, 0),
);

const collectives = (own: tf.Tensor): tf.Tensor[] => {
  const replica = getReplicaContext();
  if (replica === undefined) throw new Error('not in a replica');
  return [replica.allReduce(ReduceOp.SUM, own), replica.allReduce(ReduceOp.MEAN, own), replica.allGather(own, 0)];
};
for (const [name, fn] of [
  ['eager', collectives],
  ['traced', tfFunction(collectives)],
] as const) {
  const [sum, mean, all] = strategy.run(fn, [ids]) as unknown[];
  const first = (value: unknown): number[] => numbers(strategy.localResults(value)[0]);
  results[`all-reduce, ${name}`] = [first(sum), first(mean), first(all)];
}

/** Counts and sums in variables with every aggregation. */
const variables = strategy.scope(() => ({
  sum: variable(0, { aggregation: VariableAggregation.SUM }),
  mean: variable(0, { aggregation: VariableAggregation.MEAN }),
  first: variable(0, { aggregation: VariableAggregation.ONLY_FIRST_REPLICA }),
  onRead: variable(0, {
    aggregation: VariableAggregation.SUM,
    synchronization: VariableSynchronization.ON_READ,
  }),
}));
const count = (own: tf.Tensor): void => {
  const value = own.slice([0], [1]).asScalar();
  variables.sum.assignAdd(value);
  variables.mean.assign(value);
  variables.first.assign(value);
  variables.onRead.assignAdd(value);
};
for (const [name, fn] of [
  ['eager', count],
  ['traced', tfFunction(count)],
] as const) {
  strategy.run(fn, [ids]);
  results[`variables, ${name}`] = Object.values(variables).map((each) => numbers(each)[0]);
}

/** A regression whose optimizer sums the gradients over the replicas. */
for (const name of ['eager', 'traced']) {
  // The chief's value counts.
  const start = ALONE === undefined && !isChief ? tf.ones([3, 1]) : tf.zeros([3, 1]);
  const weights = strategy.scope(() => tf.variable(start));
  const optimizer = tf.train.adam(0.1);
  const step = (x: tf.Tensor, y: tf.Tensor): tf.Scalar => {
    const { value, grads } = tf.variableGrads(
      () => tf.losses.meanSquaredError<tf.Tensor, tf.Scalar>(y, tf.matMul(x, weights)),
      [weights],
    );
    optimizer.applyGradients(grads as never);
    return value;
  };
  const fn = name === 'traced' ? tfFunction(step) : step;
  const losses: number[] = [];
  for (let index = 0; index < 4; index++) {
    const x = perReplica((id) => tf.randomNormal([4, 3], 0, 1, 'float32', 100 * index + id + 1)) as PerReplica;
    const y = perReplica((id) => tf.fill([4, 1], id + 1)) as PerReplica;
    losses.push(...numbers(strategy.reduce(ReduceOp.MEAN, strategy.run(fn as never, [x, y] as never))));
  }
  results[`regression, ${name}`] = [losses, numbers(weights)];
}

/** A dataset of global batches, shuffled rows, and a saved model. */
const model = strategy.scope(() => {
  const made = tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, inputShape: [3], kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }) }),
      tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }) }),
    ],
  });
  made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return made;
});
const inputs = tf.randomNormal([22, 3], 0, 1, 'float32', 5);
const targets = inputs.sum(1, true);
const dataset = tf.data
  .zip({ xs: tf.data.array(inputs.arraySync() as number[][]), ys: tf.data.array(targets.arraySync() as number[][]) })
  .batch(8);
const { history } = await model.fitDataset(dataset, { epochs: 2, verbose: SILENT });
results['fitDataset'] = history['loss'];
results['evaluateDataset'] = numbers(await model.evaluateDataset(dataset as never, { batches: 3 }));
const shuffled = await model.fit(inputs, targets, { batchSize: 22, epochs: 2, verbose: SILENT });
results['fit on shuffled rows'] = shuffled.history['loss'];
let saved: unknown;
await model.save(
  tf.io.withSaveHandler((artifacts) => {
    saved = [...new Float32Array(artifacts.weightData as ArrayBuffer)];
    return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } });
  }),
);
results['saved weights'] = saved;
writeResult(results);
