/**
 * Programs for `program-soak.js`: each makes what it needs, fails or ends early in its own way, and frees what it made.
 * Trains models, starts worker threads.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import * as tf from '@tensorflow/tfjs';

import { createRandom } from '../semantics/random.js';

import { compiledClassifier, trainingData } from './soak-model.js';

/** @import { MirroredStrategy } from '../../dist/runtime/index.js' */
/** @import { Random } from '../semantics/random.js' */
/**
 * @typedef {(strategy: MirroredStrategy, random: Random) => Promise<number | void> | number | void} Program Returns how
 *   many tensors TensorFlow.js itself never disposed of.
 */

const WORKER = new URL('soak-worker.js', import.meta.url);
/** The error of a program's own callback. */
const OWN = 'an error of the program';

/** @param {unknown} error - Anything. @returns {void} Throws it, unless it is the program's own. */
function expectOwn(error) {
  if (!String(error).includes(OWN)) throw error;
}

/**
 * Trains a model of its own, and frees it.
 *
 * @param {MirroredStrategy | undefined} strategy - Where it trains; undefined for TensorFlow.js alone.
 * @param {tf.CustomCallbackArgs} callbacks - What happens meanwhile.
 */
async function train(strategy, callbacks) {
  const model = strategy === undefined ? compiledClassifier() : strategy.scope(compiledClassifier);
  const { features, labels } = trainingData(40);
  try {
    await model.fit(features, labels, { epochs: 2, batchSize: 16, callbacks });
  } finally {
    tf.dispose([features, labels]);
    model.optimizer.dispose();
    model.dispose();
  }
}

/**
 * Counts the tensors that a program leaves behind.
 *
 * @param {() => Promise<unknown>} run - The program. It may fail by its own error.
 */
async function leftBy(run) {
  const before = tf.memory().numTensors;
  await run().catch(expectOwn);
  return tf.memory().numTensors - before;
}

/**
 * Runs a program with a callback that throws. TensorFlow.js's loop then leaves some tensors to the garbage collector,
 * and never subtracts them from its count. Checks that there are no others.
 *
 * @param {Random} random - Chooses.
 * @param {(callbacks: tf.CustomCallbackArgs) => Promise<unknown>} run - The program.
 * @returns {Promise<number>} How many tensors TensorFlow.js left.
 */
async function leftByTfjs(random, run) {
  const seed = Math.floor(random.next() * 2 ** 31);
  const left = await leftBy(() => run(throwing(createRandom(seed))));
  const leftAlone = await leftBy(() => train(undefined, throwing(createRandom(seed))));
  if (left !== leftAlone) throw new Error(`${left} tensors were left, and ${leftAlone} by TensorFlow.js alone.`);
  return left + leftAlone;
}

/** @param {Random} random - Chooses. @returns {tf.CustomCallbackArgs} Callbacks, one of which throws. */
function throwing(random) {
  const name = random.pick(
    /** @type {const} */ (['onBatchBegin', 'onBatchEnd', 'onEpochBegin', 'onEpochEnd', 'onTrainBegin']),
  );
  return {
    [name]: () => {
      if (random.chance(0.6)) throw new Error(OWN);
    },
  };
}

/** @type {ReadonlyMap<string, Program>} */
export const PROGRAMS = new Map(
  /** @type {[string, Program][]} */ ([
    ['a fit', (strategy) => train(strategy, {})],
    ['a callback that throws', (strategy, random) => leftByTfjs(random, (callbacks) => train(strategy, callbacks))],
    [
      'fits that overlap',
      (strategy, random) =>
        leftByTfjs(random, async (callbacks) => {
          const fits = [train(strategy, {}), train(strategy, callbacks), train(strategy, {})];
          for (const result of await Promise.allSettled(fits)) {
            if (result.status === 'rejected') expectOwn(result.reason);
          }
        }),
    ],
    [
      'a replica that throws',
      (strategy, random) => {
        const failing = random.chance(0.5) ? 1 : 0;
        try {
          const sums = strategy.run(() => {
            const sum = tf.ones([100]).sum();
            if (failing === 1) throw new Error(OWN);
            return sum;
          });
          /** @type {{ dispose(): void }} */ (sums).dispose();
        } catch (error) {
          expectOwn(error);
        }
      },
    ],
    [
      'wrong calls',
      () => {
        tf.tidy(() => {
          const attempts = [
            () => tf.engine().runKernel('Add', { a: tf.ones([2]), b: tf.ones([3]) }),
            () => tf.engine().runKernel('AddN', /** @type {never} */ ([])),
            () => tf.fill([1e10], 0),
            () => tf.engine().runKernel('Conv2D', { x: tf.ones([2]), filter: tf.ones([2]) }),
          ];
          for (const attempt of attempts) {
            try {
              attempt();
            } catch (error) {
              if (!(error instanceof Error) || error.name !== 'MirrorscopeError') throw error;
            }
          }
        });
      },
    ],
    [
      'a worker that ends',
      async (_strategy, random) => {
        const worker = new Worker(WORKER, { workerData: { isReplicated: random.chance(0.5) } });
        const ended = /** @type {unknown} */ (await once(worker, 'exit'));
        const [code] = /** @type {unknown[]} */ (ended);
        if (code !== 0) throw new Error(`The worker ended with ${String(code)}.`);
      },
    ],
    [
      'a worker that is ended',
      async (_strategy, random) => {
        const worker = new Worker(WORKER, {
          workerData: { isEndless: true, isReplicated: random.chance(0.5) },
        });
        await once(worker, 'message');
        await new Promise((resolve) => setTimeout(resolve, random.next() * 200));
        await worker.terminate();
      },
    ],
  ]),
);
