/**
 * How a model trains, evaluates and predicts through a strategy, one replica's part of the batch at a time. The model's own
 * TensorFlow.js functions do the work of each replica, so that losses, metrics, weights and regularizers are theirs.
 */
import type { Strategy } from '../distribute/strategy.js';
import type { BatchData, DistributableModel } from '../tfjs/layers-model.js';
import type { ModelFunctions } from './model-functions.js';
import type { Scalar, Tensor } from '@tensorflow/tfjs';

import { ReduceOp } from '../distribute/reduce-op.js';
import { runReplicas } from '../distribute/run-replicas.js';

import { addToStep, applyGradients, type LocalStep, localStep } from './gradients.js';
import { microBatchCount, type MicroBatchShare, microBatchShares } from './micro-batches.js';
import { ModelReplicas } from './model-replicas.js';
import { batchRows, replicaShares, sliceBatch, stepRows } from './replica-batch.js';

type OwnMethods = Pick<DistributableModel, 'makeTrainFunction' | 'makeTestFunction' | 'predictLoop'>;

/** The three functions of `model`; `own` are the methods that it would have without a strategy. */
export function eagerModelFunctions(model: DistributableModel, own: OwnMethods, strategy: Strategy): ModelFunctions {
  const { tf } = strategy.engine;
  const replicas = new ModelReplicas(tf, model);

  /** Runs `body` on each replica's rows of a batch of `rows` examples, `count` micro-batches one after another. */
  const onReplicas = <Result>(
    { rows, training, count = 1 }: { rows: number; training: boolean; count?: number },
    body: (share: MicroBatchShare, before: Result | undefined) => Result,
  ): { results: Result[]; weights: number[] } => {
    const shares = replicaShares(rows, strategy.numReplicasInSync);
    const step = replicas.begin(rows, training);
    try {
      const results = runReplicas(
        strategy,
        shares.map(({ replicaId }) => replicaId),
        (replicaId) => {
          const share = shares[replicaId];
          if (share === undefined) throw new RangeError(`replica ${replicaId} has no rows`);
          const parts = microBatchShares(share, count);
          return parts.reduce<Result | undefined>(
            (before, part) => step.onReplica(part, () => body(part, before)),
            undefined,
          ) as Result;
        },
      );
      step.commit();
      return { results, weights: shares.map(({ weight }) => weight) };
    } finally {
      step.close();
    }
  };

  /** The sum of one tensor a replica. */
  const sum = (tensors: readonly Tensor[]): Tensor => strategy.crossDeviceOps.reduce(tf, ReduceOp.SUM, tensors);
  const weightedMeans = (results: readonly (readonly Scalar[])[], weights: readonly number[]): Scalar[] =>
    (results[0] ?? []).map((_, index) => {
      const parts = results.map((values, replica) => tf.mul(values[index] as Scalar, weights[replica] as number));
      return sum(parts) as Scalar;
    });

  const train = (data: BatchData): Scalar[] =>
    tf.tidy(() => {
      const rows = stepRows(data);
      const count = microBatchCount(
        rows,
        strategy.numReplicasInSync,
        strategy.execution.gradientAccumulationSteps ?? 1,
      );
      const { results } = onReplicas<LocalStep>({ rows, training: true, count }, (share, before) =>
        addToStep(tf, before, () =>
          localStep(tf, model, own.makeTrainFunction, sliceBatch(tf, data, share.rows), share.weight),
        ),
      );
      const metrics = results.map((step) => step.metrics);
      const loss = applyGradients(tf, model, results, sum);
      const means = (metrics[0] ?? []).map(
        (_, index) => sum(metrics.map((values) => values[index] as Scalar)) as Scalar,
      );
      return [loss, ...means];
    });

  const test = (data: BatchData): Scalar[] =>
    tf.tidy(() => {
      // Made on a view: it would replace the model's own test function.
      const view = Object.create(model) as DistributableModel;
      own.makeTestFunction.call(view);
      const { testFunction } = view;
      const { results, weights } = onReplicas({ rows: stepRows(data), training: false }, ({ rows }) =>
        testFunction(sliceBatch(tf, data, rows)),
      );
      return weightedMeans(results, weights);
    });

  const predictBatch = (inputs: Tensor[]): Tensor[] => {
    const { results } = onReplicas({ rows: batchRows(inputs), training: false }, ({ rows }) =>
      [own.predictLoop.call(model, sliceBatch(tf, inputs, rows), rows.size)].flat(),
    );
    const [first = []] = results;
    return first.map((_, output) => tf.concat(results.map((outputs) => outputs[output] as Tensor)));
  };

  const predict: ModelFunctions['predict'] = (inputs, batchSize = 32) =>
    tf.tidy(() => {
      const list = [inputs].flat();
      const rows = stepRows(list);
      const batches: Tensor[][] = [];
      for (let start = 0; start < rows; start += batchSize) {
        const range = { start, size: Math.min(batchSize, rows - start) };
        batches.push(tf.tidy(() => predictBatch(sliceBatch(tf, list, range))));
      }
      const outputs = (batches[0] ?? []).map((_, output) => tf.concat(batches.map((batch) => batch[output] as Tensor)));
      return outputs.length === 1 ? (outputs[0] as Tensor) : outputs;
    });

  return { train, test, predict };
}
