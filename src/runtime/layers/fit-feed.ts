/**
 * The batches of one `fit`. TensorFlow.js's loop runs over placeholder data; this module makes the real batches, in the
 * shuffled order that the loop would have, one ahead of the running step. Touches tensors only.
 */
import type { BatchData, TrainFunction } from '../tfjs/layers-model.js';
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { PlacedBatch, StepFeed } from './model-functions.js';
import type { CustomCallback, Tensor } from '@tensorflow/tfjs';

import { placeholderData } from '../tfjs/fit-loop.js';

/** The training data of `fit`. */
export interface FitData {
  /** Inputs, targets and sample weights; entries may be absent. */
  readonly ins: readonly (Tensor | null | undefined)[];
  readonly batchSize: number;
  readonly shuffle: boolean;
  /** Shuffles the rows of an epoch, in place of the feed and of TensorFlow.js. */
  readonly reorder?: ((order: Int32Array) => void) | undefined;
}

interface Batch {
  readonly index: number;
  readonly data: BatchData;
  placed: PlacedBatch | undefined;
}

/** Makes the batches of one `fit`, and copies them to the devices. */
export class FitFeed {
  readonly #tf: TensorFlowJs;
  readonly #feed: StepFeed;
  readonly #data: FitData;
  readonly #order: Int32Array;
  #index = 0;
  #next: Batch | undefined;

  constructor(tf: TensorFlowJs, feed: StepFeed, data: FitData) {
    this.#tf = tf;
    this.#feed = feed;
    this.#data = data;
    const rows = data.ins[0]?.shape[0] ?? 0;
    // Not Int32Array.from: that takes milliseconds for tens of thousands of rows.
    this.#order = new Int32Array(rows);
    for (let row = 0; row < rows; row++) this.#order[row] = row;
  }

  /**
   * The placeholder for the data in TensorFlow.js's loop, which reads the number of rows and slices each batch. It
   * contains no tensors, so the loop slices nothing.
   */
  placeholderData(): Tensor[] {
    return placeholderData(this.#order.length);
  }

  /** Must be the last callback of the fit. */
  callback(): CustomCallback {
    return new this.#tf.CustomCallback(
      {
        onEpochBegin: () => {
          this.#release();
          if (this.#data.shuffle) this.#shuffle();
          return Promise.resolve();
        },
        onBatchBegin: async (index) => {
          this.#index = index;
          await this.#feed.ready();
        },
      },
      'never',
    );
  }

  /** At the point where TensorFlow.js shuffles, so that it draws the same random numbers. */
  #shuffle(): void {
    const reorder = this.#data.reorder ?? this.#feed.shuffle;
    if (reorder === undefined) this.#tf.util.shuffle(this.#order);
    else reorder(this.#order);
  }

  /** Runs the step of the batch that has begun, and makes the next batch meanwhile. */
  run(_rows: BatchData, step: TrainFunction): ReturnType<TrainFunction> {
    const batch = this.#next?.index === this.#index ? this.#next : this.#make(this.#index);
    this.#next = batch;
    try {
      return step(batch.data);
    } finally {
      this.#release();
      this.#prefetch(batch.index + 1);
    }
  }

  #prefetch(index: number): void {
    if (index * this.#data.batchSize >= this.#order.length) return;
    try {
      const batch = this.#make(index);
      this.#next = batch;
      batch.placed = this.#feed.place(batch.data);
    } catch {
      // The data are disposed of: an error only if a step asks for the batch.
      this.#release();
    }
  }

  #make(index: number): Batch {
    const tf = this.#tf;
    const { ins } = this.#data;
    return tf.tidy(() => {
      const rowsOf = this.#taking(index);
      const data = ins.map((tensor) => tensor && tf.keep(rowsOf(tensor)));
      return { index, data, placed: undefined } as never;
    });
  }

  /** Takes the rows of a batch from a tensor. Consecutive rows are a slice, which TensorFlow need not copy. */
  #taking(index: number): (tensor: Tensor) => Tensor {
    const { batchSize, shuffle } = this.#data;
    const order = this.#order.subarray(index * batchSize, (index + 1) * batchSize);
    if (!shuffle) return (tensor) => tensor.slice(order[0] as number, order.length);
    const rows = this.#tf.tensor1d(order, 'int32');
    return (tensor) => this.#tf.gather(tensor, rows);
  }

  #release(): void {
    this.#next?.placed?.dispose();
    this.#tf.dispose((this.#next?.data ?? []) as never);
    this.#next = undefined;
  }

  /** Releases the rest when the fit has ended, also with an error. */
  dispose(): void {
    this.#release();
  }
}
