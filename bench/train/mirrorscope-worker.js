/**
 * Trains the benchmark's models in TensorFlow.js, one fit per line on standard input. Starts TensorFlow.
 * Usage: mirrorscope-worker.js traced|pjrt|auto|untraced|cluster REPLICAS. keras_worker.py speaks the same protocol.
 * With `cluster`, this process is the one of a cluster that TF_CONFIG names.
 */
import { createInterface } from 'node:readline';

import * as tf from '@tensorflow/tfjs';

import { config, MirroredStrategy, MultiWorkerMirroredStrategy, useBackend } from '../../dist/runtime/index.js';
import { benchmarkModel } from '../models.js';

/** @import { Strategy } from '../../dist/runtime/index.js' */
/** @import { TrainingAnswer, TrainingRequest } from './worker-process.js' */

const [, , mode, replicas] = process.argv;
const threads = Number(process.env.MIRRORSCOPE_INTRA_OP_THREADS ?? 0);
if (threads > 0) config.threading.setIntraOpParallelismThreads(threads);
const concurrentOps = Number(process.env.MIRRORSCOPE_INTER_OP_THREADS ?? 0);
if (concurrentOps > 0) config.threading.setInterOpParallelismThreads(concurrentOps);
const devices = Number(replicas);
/** @type {Strategy | undefined} */
const strategy =
  mode === 'traced' || mode === 'pjrt' || mode === 'auto'
    ? new MirroredStrategy({ devices, engine: mode === 'traced' ? 'tensorflow' : mode })
    : mode === 'cluster'
      ? new MultiWorkerMirroredStrategy({ devices, engine: 'tensorflow', allowUnauthenticatedPeers: true })
      : undefined;
if (strategy === undefined) useBackend();
/** @type {Map<string, tf.LayersModel>} */
const models = new Map();

/**
 * Builds and compiles a model on the first request for it.
 * @param {string} name - Name of the model.
 * @returns {tf.LayersModel} The same model for every request.
 */
function compiledModel(name) {
  const build = () => {
    const model = benchmarkModel(name).build();
    model.compile({ optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    return model;
  };
  const model = models.get(name) ?? (strategy === undefined ? build() : strategy.scope(build));
  models.set(name, model);
  return model;
}

/**
 * Draws word numbers below 5000 from a multiplicative generator: quick, and the same every time.
 * @param {readonly number[]} shape - Shape of the result.
 * @returns {Int32Array} The numbers.
 */
function wordNumbers(shape) {
  const length = shape.reduce((product, size) => product * size, 1);
  let state = 7;
  return Int32Array.from({ length }, () => (state = (state * 48271) % 2147483647) % 5000);
}

/**
 * Runs one fit.
 * @param {TrainingRequest} request - What to run.
 * @returns {Promise<TrainingAnswer>} What it took.
 */
async function measure({ model: name, batch, steps, epochs }) {
  const { inputShape, integerInput = false } = benchmarkModel(name);
  const model = compiledModel(name);
  const shape = [batch * steps, ...inputShape];
  const numbers = wordNumbers(shape);
  const x = integerInput
    ? tf.tensor(numbers, shape, 'int32')
    : tf.tensor(
        Float32Array.from(numbers, (number) => number / 5000),
        shape,
      );
  const classes = wordNumbers([batch * steps]).map((number) => number % 10);
  const y = tf.tidy(() => tf.oneHot(tf.tensor1d(classes, 'int32'), 10).toFloat());
  /** @type {number[]} */
  const ends = [];
  const callbacks = {
    onEpochEnd: () => {
      ends.push(performance.now());
    },
  };
  const started = performance.now();
  const { history } = await model.fit(x, y, { batchSize: batch, epochs, shuffle: false, callbacks });
  const milliseconds = (performance.now() - started) / (steps * epochs);
  const laterMilliseconds = ((ends.at(-1) ?? NaN) - (ends[0] ?? NaN)) / (steps * (epochs - 1));
  tf.dispose([x, y]);
  return { milliseconds, laterMilliseconds, loss: Number(history.loss?.at(-1)) };
}

for await (const line of createInterface({ input: process.stdin })) {
  /** @type {unknown} */
  const request = JSON.parse(line);
  console.log(JSON.stringify(await measure(/** @type {TrainingRequest} */ (request))));
}
process.exit(0);
