/** The callback that asks for backups, and what the user chose. Loads TensorFlow.js when it is called. */
import type { CustomCallback, CustomCallbackArgs } from '@tensorflow/tfjs';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { loadTfjs } from '../../tfjs/load-tfjs.js';

/** Options of {@link backupAndRestore}. */
export interface BackupAndRestoreOptions {
  /** The folder of the backups. No other run may use it. All workers of a cluster must see the same folder. */
  readonly backupDir: string;
  /** When to save: after each `epoch`, the default, or after this many steps. */
  readonly saveFreq?: 'epoch' | number | undefined;
  /** Whether to delete the backups when training has ended. Default: true. */
  readonly deleteCheckpoint?: boolean | undefined;
  /** Whether a SIGTERM makes all workers save after the same step, and exit with code 42. Default: true. */
  readonly saveBeforePreemption?: boolean | undefined;
}

/** The options, with the defaults. */
export interface BackupSettings {
  readonly backupDir: string;
  readonly saveFreq: 'epoch' | number;
  readonly deleteCheckpoint: boolean;
  readonly saveBeforePreemption: boolean;
}

type TrainBegin = NonNullable<CustomCallbackArgs['onTrainBegin']>;

/** By the function that TensorFlow.js calls first. It wraps callbacks, but keeps this function. */
const SETTINGS = new WeakMap<TrainBegin, BackupSettings>();

/**
 * Makes a callback for `fit` and `fitDataset` that saves the training run, and goes on from the last backup when the
 * program is started again: as `tf.keras.callbacks.BackupAndRestore`. A backup holds the weights, the optimizer's
 * state, the position in the data and the state of random masks, so the run ends with the weights that it would have
 * had without the interruption.
 *
 * The model must be built in the scope of a strategy. For equal results, data that a dataset shuffles needs a seed
 * there, and dropout needs the option `seed` of the strategy.
 *
 * @param options - Where and when to save.
 * @returns The callback. It serves one `fit` at a time.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` for wrong options.
 *
 * @example
 * ```js
 * await model.fit(x, y, { epochs: 20, callbacks: backupAndRestore({ backupDir: 'backup', saveFreq: 100 }) });
 * ```
 */
export function backupAndRestore(options: BackupAndRestoreOptions): CustomCallback {
  const settings = settingsOf(options);
  // Runs only where nothing has recognized the callback: see withoutBackupCallback.
  const onTrainBegin: TrainBegin = () => Promise.reject(notInScope());
  SETTINGS.set(onTrainBegin, settings);
  const tf = loadTfjs();
  return Object.assign(new tf.CustomCallback({ onTrainBegin }), { onTrainBegin });
}

/**
 * Finds the backup callback among the callbacks of a fit.
 *
 * @param callbacks - What the user passed, or what TensorFlow.js made of it.
 * @returns Its settings; undefined when there is none.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when there are two.
 */
export function backupSettingsIn(callbacks: unknown): BackupSettings | undefined {
  const found = (Array.isArray(callbacks) ? (callbacks as unknown[]) : [callbacks]).flatMap((callback) => {
    const { onTrainBegin, trainBegin } = (callback ?? {}) as { onTrainBegin?: TrainBegin; trainBegin?: TrainBegin };
    return [onTrainBegin, trainBegin].map((fn) => fn && SETTINGS.get(fn)).find((settings) => settings) ?? [];
  });
  if (found.length > 1) throw invalid('A fit can have one backupAndRestore callback only.');
  return found[0];
}

/**
 * Removes the backup callback from the callbacks of a fit that saves backups.
 *
 * @param callbacks - As in {@link backupSettingsIn}.
 * @returns The other callbacks.
 */
export function withoutBackupCallback(callbacks: readonly unknown[]): unknown[] {
  return callbacks.filter((callback) => backupSettingsIn([callback]) === undefined);
}

function notInScope(): MirrorscopeError {
  return new MirrorscopeError(
    ErrorCode.StrategyMisuse,
    'backupAndRestore cannot save this model, which was not built in the scope of a strategy.',
    { hint: 'Build and compile the model in strategy.scope(() => …); new OneDeviceStrategy() keeps it on one device.' },
  );
}

function settingsOf(options: BackupAndRestoreOptions): BackupSettings {
  const { backupDir, saveFreq = 'epoch', deleteCheckpoint = true, saveBeforePreemption = true } = options;
  if (typeof backupDir !== 'string' || backupDir === '')
    throw invalid('backupAndRestore needs the option backupDir, the path of a folder.');
  if (saveFreq !== 'epoch' && !(Number.isInteger(saveFreq) && saveFreq > 0))
    throw invalid(`saveFreq must be 'epoch' or a number of steps, not ${String(saveFreq)}.`);
  return { backupDir, saveFreq, deleteCheckpoint, saveBeforePreemption };
}

function invalid(message: string): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.InvalidArgument, message, {
    hint: "For example: backupAndRestore({ backupDir: 'backup', saveFreq: 'epoch' }).",
  });
}
