/**
 * Feeds a model while it trains. `fit` and `fitDataset` stay TensorFlow.js's own, but the next batch is prepared while
 * a step runs, and waiting for a step never blocks the event loop. Order, random numbers and results are those of the
 * plain loop. Touches the model's methods.
 */
import type { StrategyParts } from '../distribute/strategy-parts.js';
import type { DistributableModel, TrainFunction } from '../tfjs/layers-model.js';
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { RunShape } from './backup/training-state.js';
import type { ModelFunctions, StepFeed } from './model-functions.js';
import type { CustomCallbackArgs, data, ModelFitDatasetArgs, Tensor, TensorContainer } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { DistributedDataset } from '../distribute/input/distributed-dataset.js';
import { shareDataset } from '../distribute/input/share-dataset.js';
import { type FitLoop, fitLoopArguments, withFitLoopArguments } from '../tfjs/fit-loop.js';

import { BackupSession } from './backup/backup-session.js';
import { backupSettingsIn, withoutBackupCallback } from './backup/backup-settings.js';
import { GoOn } from './backup/go-on.js';
import { quietCallbacks } from './backup/quiet-callbacks.js';
import { resumeDataset } from './backup/resume-dataset.js';
import { compareFits } from './compare-fits.js';
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

/** For models whose steps have ended when their functions return. */
const PLAIN_FEED: StepFeed = { ready: () => Promise.resolve(), place: () => ({ dispose: () => undefined }) };

/** Adds the hooks of a session after the user's callbacks, in the form in which those are. */
function withHooks(tf: TensorFlowJs, callbacks: readonly unknown[], backups: BackupSession | undefined): unknown[] {
  if (backups === undefined) return [...callbacks];
  const isMade = typeof (callbacks[0] as { setParams?: unknown } | undefined)?.setParams === 'function';
  const hooks = backups.hooks();
  const others = withoutBackupCallback(callbacks);
  return [...quietCallbacks(others, () => backups.isReplaying), isMade ? new tf.CustomCallback(hooks) : hooks];
}

/**
 * Makes the methods that feed a model.
 *
 * @param tf - The TensorFlow.js to compute with.
 * @param model - The model.
 * @param own - The methods that it would have without a strategy.
 * @param functions - Its functions under the strategy. Without a feed, TensorFlow.js's loops stay as they are.
 * @param strategyParts - The parts of its strategy.
 * @returns The methods to define on the model.
 */
export function feedingMethods(
  tf: TensorFlowJs,
  model: DistributableModel,
  own: FeedableMethods,
  functions: () => ModelFunctions,
  strategyParts: StrategyParts,
): FeedableMethods {
  let afterStep: (() => void) | undefined;
  let session: BackupSession | undefined;
  // A Sequential delegates to the model inside it, which has a feed of its own.
  const isDelegating = (): boolean => (model as { model?: unknown }).model !== undefined;
  const feedOf = (): StepFeed | undefined => (isDelegating() ? undefined : functions().feed);
  const isDataset = (value: unknown): boolean =>
    typeof (value as Partial<Dataset> | null | undefined)?.iterator === 'function';

  /** Runs a fit with backups, if a callback asks for them. */
  const withBackups = async <Result>(
    callbacks: unknown,
    run: RunShape,
    body: (backups: BackupSession | undefined) => Promise<Result>,
  ): Promise<Result> => {
    const settings = isDelegating() ? undefined : backupSettingsIn(callbacks);
    if (settings === undefined) return body(undefined);
    // A dataset that shuffles has drawn from its random numbers, and only a new one begins again.
    const goOn = run.rows === undefined ? undefined : new GoOn(strategyParts.cluster, settings);
    for (;;) {
      const backups = new BackupSession({ tf, model, counters: functions().counters }, strategyParts, settings, run);
      session = backups;
      try {
        return await body(backups);
      } catch (error) {
        if (goOn?.after(error) !== true) throw error;
      } finally {
        session = undefined;
        backups.close();
      }
    }
  };

  /** Runs a loop over the rows of a dataset that this process reads. */
  const withShare = async <Result>(
    dataset: Dataset,
    body: (rows: Dataset, isShared: boolean) => Promise<Result>,
  ): Promise<Result> => {
    const shared = shareDataset(strategyParts, dataset);
    if (shared === undefined) return body(dataset, false);
    try {
      return await body(shared.dataset, true);
    } finally {
      await shared.dispose();
    }
  };

  return {
    makeTrainFunction: () => (batch) => {
      const { train } = functions();
      const values = session === undefined ? train(batch) : session.step(() => train(batch));
      afterStep?.();
      return values;
    },

    async fitLoop(f, ins, ...rest) {
      const { batchSize, epochs, callbacks, validationInputs, shuffle, initialEpoch } = fitLoopArguments(rest);
      // TensorFlow.js refuses these modes itself.
      if (typeof batchSize !== 'number' || !Array.isArray(callbacks) || shuffle === 'batch')
        return own.fitLoop.call(model, f, ins, ...rest);
      if (!isDelegating()) {
        const validationRows = (validationInputs as readonly Tensor[] | null | undefined)?.[0]?.shape[0];
        compareFits(strategyParts.cluster, { rows: ins[0]?.shape[0], validationRows, epochs: Number(epochs) });
      }
      return withBackups(callbacks, { rows: ins[0]?.shape[0], batchSize }, async (backups) => {
        const feed = feedOf() ?? (backups === undefined ? undefined : PLAIN_FEED);
        if (feed === undefined) return own.fitLoop.call(model, f, ins, ...rest);
        const reorder =
          backups &&
          ((order: Int32Array) => {
            backups.shuffle(order);
          });
        const fitFeed = new FitFeed(tf, feed, { ins, batchSize, shuffle: shuffle !== false, reorder });
        // The user's callbacks come first, so they also draw their random numbers first.
        const ownCallbacks = [...withHooks(tf, callbacks, backups), fitFeed.callback()];
        const firstEpoch = backups === undefined ? initialEpoch : backups.restore(Number(initialEpoch ?? 0));
        const ownRest = withFitLoopArguments(rest, {
          callbacks: ownCallbacks,
          shuffle: false,
          initialEpoch: firstEpoch,
        });
        try {
          return await own.fitLoop.call(model, (rows) => fitFeed.run(rows, f), fitFeed.placeholderData(), ...ownRest);
        } finally {
          fitFeed.dispose();
        }
      });
    },

    async fitDataset(dataset, args: ModelFitDatasetArgs<TensorContainer> | undefined) {
      requirePlain(dataset);
      requirePlain(args?.validationData);
      if (args === undefined || isDelegating() || !isDataset(dataset)) return own.fitDataset.call(model, dataset, args);
      const fit = async (rows: Dataset, isShared: boolean, backups: BackupSession | undefined): Promise<unknown> => {
        const feed = feedOf() ?? (backups === undefined ? undefined : PLAIN_FEED);
        if (feed === undefined) return own.fitDataset.call(model, rows, args);
        const { batchesPerEpoch, epochs, initialEpoch = 0 } = args;
        const firstEpoch = backups?.restore(initialEpoch) ?? initialEpoch;
        const steps = typeof batchesPerEpoch === 'number' ? batchesPerEpoch * (epochs - firstEpoch) : Infinity;
        // Reading a share runs collectives, which must not come before or after those of callbacks by chance.
        const datasetFeed = new DatasetFeed(tf, feed, isShared ? 0 : steps);
        afterStep = () => {
          datasetFeed.prefetch();
        };
        const rest = resumeDataset(tf, rows, { epochs: firstEpoch - initialEpoch, batchesPerEpoch });
        const ownArgs =
          backups === undefined
            ? args
            : {
                ...args,
                initialEpoch: firstEpoch,
                callbacks: withHooks(tf, [args.callbacks].flat(), backups) as CustomCallbackArgs[],
              };
        try {
          return await own.fitDataset.call(model, datasetFeed.over(rest), ownArgs);
        } finally {
          afterStep = undefined;
          datasetFeed.dispose();
        }
      };
      return withBackups(args.callbacks, {}, (backups) =>
        withShare(dataset, (rows, isShared) => fit(rows, isShared, backups)),
      );
    },

    async evaluateDataset(dataset, args) {
      requirePlain(dataset);
      if (isDelegating() || !isDataset(dataset)) return own.evaluateDataset.call(model, dataset, args);
      const feed = feedOf();
      return withShare(dataset, (rows) =>
        own.evaluateDataset.call(model, feed === undefined ? rows : new DatasetFeed(tf, feed, 0).over(rows), args),
      );
    },
  };
}
