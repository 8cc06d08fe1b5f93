/** Logs a training run for TensorBoard. Writes files. Runs ops. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { partsOf } from '../distribute/strategy-parts.js';
import { strategyOfModel } from '../layers/model-strategy.js';

import { type SummaryFileWriter, summaryFileWriter } from './summary-writer.js';

/** Options of {@link tensorBoard}. */
export interface TensorBoardCallbackArgs {
  /** Whether losses and metrics are logged after each `epoch`, the default, or each `batch`. */
  readonly updateFreq?: 'batch' | 'epoch';
  /** Logs weight histograms every this many epochs; 0, the default, never logs them. */
  readonly histogramFreq?: number;
}

type Logs = Readonly<Record<string, unknown>>;

/**
 * Logs losses, metrics and weight histograms to `logdir/train` and `logdir/val`. Of the workers of a cluster, the chief
 * writes.
 *
 * @example
 * ```ts
 * await model.fit(x, y, { callbacks: new tf.TensorBoardCallback('logs', { histogramFreq: 1 }) });
 * ```
 */
export class TensorBoardCallback extends tf.CustomCallback {
  /** The folder of the event files. */
  readonly logdir: string;
  readonly #histogramFrequency: number;
  readonly #perBatch: boolean;
  readonly #writers = new Map<string, SummaryFileWriter>();
  #model: tf.LayersModel | undefined;
  #batches = 0;
  /** Every worker of a cluster gets the same values, and the chief writes them. */
  #isWriter = true;

  /**
   * @param logdir - Folder of the event files.
   * @param args - What is logged, and how often.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` for another `updateFreq` than `batch` or `epoch`.
   */
  constructor(logdir = './logs', args: TensorBoardCallbackArgs = {}) {
    super({
      onBatchEnd: (_batch, logs) => {
        this.#onBatch(logs ?? {});
      },
      onEpochEnd: (epoch, logs) => {
        this.#onEpoch(epoch, logs ?? {});
      },
      onTrainEnd: () => {
        this.#close();
      },
    });
    // Callers in JavaScript can pass any text.
    const updateFrequency: string = args.updateFreq ?? 'epoch';
    if (updateFrequency !== 'batch' && updateFrequency !== 'epoch') {
      throw new MirrorscopeError(
        ErrorCode.InvalidArgument,
        `Expected updateFreq to be 'batch' or 'epoch', but got ${updateFrequency}.`,
      );
    }
    this.logdir = logdir;
    this.#perBatch = updateFrequency === 'batch';
    this.#histogramFrequency = args.histogramFreq ?? 0;
  }

  /** @param model - The model that `fit` trains. */
  override setModel(model: tf.LayersModel): void {
    super.setModel(model);
    const strategy = strategyOfModel(model);
    this.#isWriter = strategy === undefined || (partsOf(strategy).cluster?.isChief ?? true);
    this.#model = model;
  }

  #onBatch(logs: Logs): void {
    this.#batches++;
    if (this.#perBatch && this.#isWriter) this.#log('batch_', logs, this.#batches);
  }

  #onEpoch(epoch: number, logs: Logs): void {
    if (!this.#isWriter) return;
    this.#log('epoch_', logs, epoch + 1);
    if (this.#histogramFrequency > 0 && epoch % this.#histogramFrequency === 0) {
      for (const weight of this.#model?.weights ?? []) {
        this.#writer('train').histogram(weight.name, weight.read(), epoch + 1);
      }
    }
    for (const writer of this.#writers.values()) writer.flush();
  }

  #log(prefix: string, logs: Logs, step: number): void {
    for (const [name, value] of Object.entries(logs)) {
      if (name === 'batch' || name === 'size' || typeof value !== 'number') continue;
      const validation = name.startsWith('val_');
      this.#writer(validation ? 'val' : 'train').scalar(`${prefix}${validation ? name.slice(4) : name}`, value, step);
    }
  }

  #writer(kind: string): SummaryFileWriter {
    const known = this.#writers.get(kind);
    if (known) return known;
    const directory = join(this.logdir, kind);
    mkdirSync(directory, { recursive: true });
    const writer = summaryFileWriter(directory);
    this.#writers.set(kind, writer);
    return writer;
  }

  #close(): void {
    for (const writer of this.#writers.values()) writer.close();
    this.#writers.clear();
  }
}

/**
 * Makes a callback of `model.fit` that logs for TensorBoard.
 *
 * @param logdir - Folder of the event files; `./logs` by default.
 * @param args - What is logged, and how often.
 * @returns The callback.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` for another `updateFreq` than `batch` or `epoch`.
 *
 * @example
 * ```ts
 * await model.fit(x, y, { callbacks: tf.node.tensorBoard('logs') });
 * ```
 */
export function tensorBoard(logdir?: string, args?: TensorBoardCallbackArgs): TensorBoardCallback {
  return new TensorBoardCallback(logdir, args);
}
