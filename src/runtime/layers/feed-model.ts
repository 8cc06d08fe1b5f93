/**
 * Feeds a model while it trains. `fit` and `fitDataset` stay TensorFlow.js's own, but the next batch is prepared while
 * a step runs, and waiting for a step never blocks the event loop. Order, random numbers and results are those of the
 * plain loop. Touches the model's methods.
 */
import type { DistributableModel, TrainFunction } from '../tfjs/layers-model.js';
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { ModelFunctions, StepFeed } from './model-functions.js';
import type { data, ModelFitDatasetArgs, TensorContainer } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { DistributedDataset } from '../distribute/input/distributed-dataset.js';
import { type FitLoop, fitLoopArguments, withFitLoopArguments } from '../tfjs/fit-loop.js';

import { DatasetFeed } from './dataset-feed.js';
import { FitFeed } from './fit-feed.js';

type Dataset = data.Dataset<TensorContainer>;

/** The members of a model that are replaced. */
export interface FeedableMethods {
  makeTrainFunction(): TrainFunction;
  fitLoop: FitLoop;
  /** Callers in JavaScript may leave out `args`. */
  fitDataset(dataset: Dataset, args: ModelFitDatasetArgs<TensorContainer> | undefined): Promise<unknown>;
  evaluateDataset(dataset: Dataset, args: object): Promise<unknown>;
}

/**
 * Checks a dataset. @throws {MirrorscopeError} `INVALID_ARGUMENT` for a distributed one, because the model splits
 * batches itself.
 */
function requirePlain(dataset: unknown): void {
  if (!(dataset instanceof DistributedDataset)) return;
  throw new MirrorscopeError(
    ErrorCode.InvalidArgument,
    'A model does not accept a dataset that is already distributed.',
    {
      hint: 'Pass the plain dataset: the model splits its batches between the replicas itself.',
    },
  );
}

/**
 * Makes the methods that feed a model.
 *
 * @param tf - The TensorFlow.js to compute with.
 * @param model - The model.
 * @param own - The methods that it would have without a strategy.
 * @param functions - Its functions under the strategy. Without a feed, TensorFlow.js's loops stay as they are.
 * @returns The methods to define on the model.
 */
export function feedingMethods(
  tf: TensorFlowJs,
  model: DistributableModel,
  own: FeedableMethods,
  functions: () => ModelFunctions,
): FeedableMethods {
  let afterStep: (() => void) | undefined;
  // A Sequential delegates to the model inside it, which has a feed of its own.
  const feedOf = (): StepFeed | undefined =>
    (model as { model?: unknown }).model === undefined ? functions().feed : undefined;
  const isDataset = (value: unknown): boolean =>
    typeof (value as Partial<Dataset> | null | undefined)?.iterator === 'function';

  return {
    makeTrainFunction: () => (batch) => {
      const values = functions().train(batch);
      afterStep?.();
      return values;
    },

    async fitLoop(f, ins, ...rest) {
      const feed = feedOf();
      const { batchSize, callbacks, shuffle } = fitLoopArguments(rest);
      // TensorFlow.js refuses these modes itself.
      if (feed === undefined || typeof batchSize !== 'number' || !Array.isArray(callbacks) || shuffle === 'batch') {
        return own.fitLoop.call(model, f, ins, ...rest);
      }
      const fitFeed = new FitFeed(tf, feed, { ins, batchSize, shuffle: shuffle !== false });
      // The user's callbacks come first, so they also draw their random numbers first.
      const ownCallbacks = [...(callbacks as unknown[]), fitFeed.callback()];
      const ownRest = withFitLoopArguments(rest, { callbacks: ownCallbacks, shuffle: false });
      try {
        return await own.fitLoop.call(model, (rows) => fitFeed.run(rows, f), fitFeed.placeholderData(), ...ownRest);
      } finally {
        fitFeed.dispose();
      }
    },

    async fitDataset(dataset, args: ModelFitDatasetArgs<TensorContainer> | undefined) {
      requirePlain(dataset);
      requirePlain(args?.validationData);
      const feed = feedOf();
      if (feed === undefined || !isDataset(dataset)) return own.fitDataset.call(model, dataset, args);
      const {
        batchesPerEpoch,
        epochs = 1,
        initialEpoch = 0,
      }: Partial<ModelFitDatasetArgs<TensorContainer>> = args ?? {};
      const steps = typeof batchesPerEpoch === 'number' ? batchesPerEpoch * (epochs - initialEpoch) : Infinity;
      const datasetFeed = new DatasetFeed(tf, feed, steps);
      afterStep = () => {
        datasetFeed.prefetch();
      };
      try {
        return await own.fitDataset.call(model, datasetFeed.over(dataset), args);
      } finally {
        afterStep = undefined;
        datasetFeed.dispose();
      }
    },

    async evaluateDataset(dataset, args) {
      requirePlain(dataset);
      const feed = feedOf();
      if (feed === undefined || !isDataset(dataset)) return own.evaluateDataset.call(model, dataset, args);
      return own.evaluateDataset.call(model, new DatasetFeed(tf, feed, 0).over(dataset), args);
    },
  };
}
