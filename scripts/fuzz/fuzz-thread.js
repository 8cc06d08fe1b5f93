/** Checks inputs in a thread that is ended when it takes too long or dies. Starts and ends threads. */
import { Worker } from 'node:worker_threads';

import { makeInput } from './make-input.js';

/** @import { Checked } from './check-input.js' */
/** @import { FuzzInput } from './make-input.js' */
/** @import { SeedFile } from './seed-files.js' */

/**
 * @typedef {object} Answer An input with what became of it.
 * @property {FuzzInput} input
 * @property {Checked} checked
 */

/** Far more than any input needs, also on a busy machine. */
const TIMEOUT_MILLISECONDS = 60_000;
const MAX_MEGABYTES = 2048;
const TOO_LONG = 'it takes longer than a minute';

export class FuzzThread {
  /** @type {Worker | undefined} */
  #worker;
  #data;

  /** @param {{ seeds: readonly SeedFile[], seed: number }} data - What inputs are made from. */
  constructor(data) {
    this.#data = data;
  }

  /**
   * Checks an input.
   * @param {number | FuzzInput} task - Its number, or the input itself.
   * @returns {Promise<Answer>} What became of it.
   */
  async check(task) {
    const worker = (this.#worker ??= await this.#start());
    const answer = nextMessage(worker, TIMEOUT_MILLISECONDS);
    worker.postMessage(task);
    try {
      return /** @type {Answer} */ (await answer);
    } catch (error) {
      await this.end();
      const input = typeof task === 'number' ? makeInput(this.#data.seeds, this.#data.seed, task) : task;
      const detail = error instanceof Error ? error.message : String(error);
      const kind = detail === TOO_LONG ? 'hang' : 'crash';
      return { input, checked: { problems: [{ kind, detail }], status: 'failed' } };
    }
  }

  /** Waits until the parsers are loaded, which does not count as the time of the first input. */
  async #start() {
    const worker = new Worker(new URL('fuzz-worker.js', import.meta.url), {
      workerData: this.#data,
      resourceLimits: { maxOldGenerationSizeMb: MAX_MEGABYTES },
    });
    await nextMessage(worker, 5 * TIMEOUT_MILLISECONDS);
    return worker;
  }

  async end() {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

/**
 * @param {Worker} worker
 * @param {number} milliseconds - How long to wait.
 * @returns {Promise<unknown>} What it says next. Rejects when it dies or says nothing in time.
 */
function nextMessage(worker, milliseconds) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      settle(reject, new Error(TOO_LONG));
    }, milliseconds);
    const onMessage = (/** @type {unknown} */ message) => {
      settle(resolve, message);
    };
    const onError = (/** @type {unknown} */ error) => {
      settle(reject, error);
    };
    /** @param {(value: unknown) => void} end @param {unknown} value */
    function settle(end, value) {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError);
      end(value);
    }
    worker.on('message', onMessage).on('error', onError);
  });
}
