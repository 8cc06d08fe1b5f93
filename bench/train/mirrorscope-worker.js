// Trains the benchmark's models in TensorFlow.js, one measurement for each line on standard input.
// usage: mirrorscope-worker.js traced|untraced REPLICAS      (the protocol is that of keras_worker.py)
import { createInterface } from 'node:readline';

import * as tf from '@tensorflow/tfjs';

import { config, MirroredStrategy, useBackend } from '../../dist/runtime/index.js';

import { BENCHMARK_MODELS } from './models.js';

const [, , mode, replicas] = process.argv;
const threads = Number(process.env.MIRRORSCOPE_INTRA_OP_THREADS ?? 0);
if (threads > 0) config.threading.setIntraOpParallelismThreads(threads);
const concurrentOps = Number(process.env.MIRRORSCOPE_INTER_OP_THREADS ?? 0);
if (concurrentOps > 0) config.threading.setInterOpParallelismThreads(concurrentOps);
const strategy =
  mode === 'traced' ? new MirroredStrategy({ devices: Number(replicas), engine: 'tensorflow' }) : undefined;
if (strategy === undefined) useBackend();
const models = new Map();

function compiled(name) {
  const build = () => {
    const model = BENCHMARK_MODELS.get(name).build();
    model.compile({ optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    return model;
  };
  if (!models.has(name)) models.set(name, strategy === undefined ? build() : strategy.scope(build));
  return models.get(name);
}

const sizeOf = (shape) => shape.reduce((product, size) => product * size, 1);

/** Word numbers below 5000 and numbers from 0 to 1, from a multiplicative generator: the same every time, and quickly made. */
function words(shape) {
  let state = 7;
  return Int32Array.from({ length: sizeOf(shape) }, () => (state = (state * 48271) % 2147483647) % 5000);
}
const numbers = (shape) => Float32Array.from(words(shape), (word) => word / 5000);

async function measure({ model: name, batch, steps, epochs }) {
  const { inputShape, integerInput } = BENCHMARK_MODELS.get(name);
  const model = compiled(name);
  const count = batch * steps;
  const shape = [count, ...inputShape];
  const x = integerInput ? tf.tensor(words(shape), shape, 'int32') : tf.tensor(numbers(shape), shape);
  const y = tf.tidy(() =>
    tf
      .oneHot(
        tf.tensor1d(
          words([count]).map((word) => word % 10),
          'int32',
        ),
        10,
      )
      .toFloat(),
  );
  const started = performance.now();
  const history = await model.fit(x, y, { batchSize: batch, epochs, verbose: 0, shuffle: false });
  const milliseconds = (performance.now() - started) / (steps * epochs);
  tf.dispose([x, y]);
  return { milliseconds, loss: history.history.loss.at(-1) };
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await measure(JSON.parse(line))));
}
process.exit(0);
