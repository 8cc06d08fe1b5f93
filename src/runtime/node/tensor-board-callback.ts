/** The callback that logs a training run for TensorBoard. Touches tfjs's callbacks and the summary writer. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { type SummaryFileWriter, summaryFileWriter } from './summary-writer.js';

/** Options of {@link tensorBoard}. */
export interface TensorBoardCallbackArgs {
  /** When losses and metrics are logged: after each epoch (the default) or each batch. */
  readonly updateFreq?: 'batch' | 'epoch';
  /** Log weight histograms every so many epochs; 0, the default, never. */
  readonly histogramFreq?: number;
}

type Logs = Readonly<Record<string, unknown>>;

/** Logs losses, metrics and weight histograms to `logdir/train` and `logdir/val`. */
export class TensorBoardCallback extends tf.CustomCallback {
  readonly logdir: string;
  readonly #histogramFrequency: number;
  readonly #perBatch: boolean;
  readonly #writers = new Map<string, SummaryFileWriter>();
  #model: tf.LayersModel | undefined;
  #batches = 0;

  constructor(logdir = './logs', args: TensorBoardCallbackArgs = {}) {
    super({
      onBatchEnd: async (_batch, logs) => this.#onBatch(logs ?? {}),
      onEpochEnd: async (epoch, logs) => this.#onEpoch(epoch, logs ?? {}),
      onTrainEnd: async () => this.#close(),
    });
    const updateFrequency = args.updateFreq ?? 'epoch';
    if (updateFrequency !== 'batch' && updateFrequency !== 'epoch') {
      throw new MirrorscopeError(
        ErrorCode.InvalidArgument,
        `Expected updateFreq to be 'batch' or 'epoch', but got ${String(updateFrequency)}.`,
      );
    }
    this.logdir = logdir;
    this.#perBatch = updateFrequency === 'batch';
    this.#histogramFrequency = args.histogramFreq ?? 0;
  }

  override setModel(model: tf.LayersModel): void {
    super.setModel(model as never);
    this.#model = model;
  }

  #onBatch(logs: Logs): void {
    this.#batches++;
    if (this.#perBatch) this.#log('batch_', logs, this.#batches);
  }

  #onEpoch(epoch: number, logs: Logs): void {
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

/** A callback for `model.fit` that logs for TensorBoard. */
export function tensorBoard(logdir?: string, args?: TensorBoardCallbackArgs): TensorBoardCallback {
  return new TensorBoardCallback(logdir, args);
}
