/** Samples of the memory that a soak uses, and how they grow. Reads the process and TensorFlow's context. */
import { setTimeout as sleep } from 'node:timers/promises';

import * as tf from '@tensorflow/tfjs';

import { session } from '../../dist/runtime/backend/index.js';

/**
 * @typedef {object} MemorySample
 * @property {number} rss - Resident set size of the process, in MB.
 * @property {number} handles - TensorFlow handles alive, without the interned constants.
 * @property {number} tensors - tfjs tensors alive.
 */

/**
 * Takes a sample once the garbage is collected. Needs `node --expose-gc`.
 * @returns {Promise<MemorySample>} The sample.
 */
export async function sampleMemory() {
  // Finalizers free what is unreachable, and run in later turns of the event loop.
  for (let turn = 0; turn < 3; turn++) {
    globalThis.gc?.();
    await sleep(20);
  }
  return {
    rss: process.memoryUsage().rss / 2 ** 20,
    handles: session.context.handles.alive - session.executor.internedConstants,
    tensors: tf.memory().numTensors,
  };
}

/** The samples of one soak. */
export class MemorySamples {
  /** @type {MemorySample[]} */
  #samples = [];

  /** @param {MemorySample} first - Taken after the warm-up. */
  constructor(first) {
    this.first = first;
    this.last = first;
    this.#samples.push(first);
  }

  get all() {
    return this.#samples;
  }

  /** @param {MemorySample} sample - The newest sample. */
  add(sample) {
    this.#samples.push(sample);
    this.last = sample;
  }

  /** How much larger the smallest process of the second half is than that of the first half, in MB. */
  get growth() {
    const half = this.#samples.length >> 1;
    /** @param {readonly MemorySample[]} samples - Some of the samples. */
    const lowest = (samples) => Math.min(...samples.map(({ rss }) => rss));
    return lowest(this.#samples.slice(half)) - lowest(this.#samples.slice(0, Math.max(1, half)));
  }

  /** Describes the memory of the process over time. */
  describeProcess() {
    const values = this.#samples.map(({ rss }) => rss.toFixed(0)).join(' ');
    const change = `${this.growth >= 0 ? '+' : ''}${this.growth.toFixed(1)}`;
    return `RSS in MB, over time: ${values}; lowest of the second half against the first: ${change}`;
  }

  /** Describes the handles and tensors, first and last. */
  describeCounts() {
    const { first, last } = this;
    return `handles (without interned constants) ${first.handles} → ${last.handles}, tensors ${first.tensors} → ${last.tensors}`;
  }
}
