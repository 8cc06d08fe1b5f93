/**
 * Trains, evaluates and predicts through a strategy, operation by operation. The model's own TensorFlow.js functions do
 * the work of each replica, so losses, metrics, class weights and regularizers are those of TensorFlow.js. Touches the
 * model's variables.
 */
import type { DistributionStrategy } from '../distribute/distribution-strategy.js';
import type { BatchData, DistributableModel } from '../tfjs/layers-model.js';
import type { ModelFunctions } from './model-functions.js';
import type { Scalar, Tensor } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { ReduceOp } from '../distribute/reduce-op.js';
import { runReplicas } from '../distribute/run-replicas.js';
import { partsOf } from '../distribute/strategy-parts.js';

import { addToStep, applyGradients, type LocalStep, localStep } from './gradients.js';
import { microBatchCount, type MicroBatchShare, microBatchShares } from './micro-batches.js';
import { ModelReplicas } from './model-replicas.js';
import { predictInBatches } from './predict-batches.js';
import { batchRows, sliceBatch, stepRows } from './replica-batch.js';

type OwnMethods = Pick<DistributableModel, 'makeTrainFunction' | 'makeTestFunction' | 'predictLoop'>;

/**
 * Makes the functions of a model.
 *
 * @param model - The model.
 * @param own - The methods that it has without a strategy.
 * @param strategy - The strategy that it trains through.
 * @returns The functions by which it trains, evaluates and predicts.
 */
export function eagerModelFunctions(
  model: DistributableModel,
  own: OwnMethods,
  strategy: DistributionStrategy,
): ModelFunctions {
  const parts = partsOf(strategy);
  const { runner, topology, execution } = parts;
  const { tf } = runner;
  const replicas = new ModelReplicas(parts, model);

  /** Runs `body` on each replica's rows of a batch of `rows` examples, in `count` micro-batches. */
  const onReplicas = <Result>(
    { rows, training, count = 1 }: { rows: number; training: boolean; count?: number },
    body: (share: MicroBatchShare, before: Result | undefined) => Result,
  ): { results: Result[]; weights: number[] } => {
    if (topology.hasIdleProcess(rows)) refuseIdleProcess(rows, topology.processCount);
    const shares = topology.localShares(rows);
    const step = replicas.begin(rows, training);
    try {
      const results = runReplicas(
        strategy,
        shares.map(({ replicaId }) => replicaId),
        (replicaId) => {
          const share = shares.find((each) => each.replicaId === replicaId);
          if (share === undefined) throw new RangeError(`replica ${replicaId} has no rows`);
          return microBatchShares(share, count).reduce<Result | undefined>(
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

  /** Adds up one tensor per replica. */
  const sum = (tensors: readonly Tensor[]): Tensor => runner.reduce(parts, ReduceOp.SUM, tensors);
  const weightedMeans = (results: readonly (readonly Scalar[])[], weights: readonly number[]): Scalar[] =>
    (results[0] ?? []).map((_, index) => {
      const shares = results.map((values, replica) => tf.mul(values[index] as Scalar, weights[replica] as number));
      return sum(shares) as Scalar;
    });

  const train = (data: BatchData): Scalar[] =>
    tf.tidy(() => {
      const rows = stepRows(data);
      const { gradientAccumulationSteps = 1 } = execution;
      const count = microBatchCount(rows, topology.participants(rows), gradientAccumulationSteps);
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
      // On a view, since the method replaces the model's own test function.
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
    return first.map((_, output) =>
      runner.gather(
        parts,
        results.map((outputs) => outputs[output] as Tensor),
        0,
      ),
    );
  };

  const predict: ModelFunctions['predict'] = (inputs, batchSize = 32) =>
    predictInBatches(tf, inputs, batchSize, predictBatch);

  return { train, test, predict, counters: [replicas] };
}

/** The other processes would wait for one that does not know what to send. */
function refuseIdleProcess(rows: number, processes: number): never {
  throw new MirrorscopeError(
    ErrorCode.InvalidArgument,
    `A batch of ${rows} examples leaves some of the ${processes} processes without rows, and the step runs operation by operation.`,
    { hint: 'Choose a batch size that gives each process a row, also in the last batch, or let the step be traced.' },
  );
}
