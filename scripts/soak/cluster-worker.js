/**
 * A worker of `npm run soak:cluster`: trains with backups, prints its process id, samples of what it uses, and a hash
 * of the final weights. Arguments: the number of epochs, and how long to wait after each step. Needs dist/.
 */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import process from 'node:process';

import * as tf from '@tensorflow/tfjs';

import { backupAndRestore, MultiWorkerMirroredStrategy } from '../../dist/runtime/index.js';

/** The first steps start threads and fill caches. */
const STEPS_BEFORE_SAMPLE = 20;

const [epochs = '1', waitMs = '0'] = process.argv.slice(2);
const strategy = new MultiWorkerMirroredStrategy({ seed: 5 });
console.log(`PID ${process.pid}`);

const model = strategy.scope(() => {
  const initializer = (/** @type {number} */ seed) => tf.initializers.glorotUniform({ seed });
  const made = tf.sequential({
    layers: [
      tf.layers.dense({ units: 64, activation: 'relu', inputShape: [16], kernelInitializer: initializer(3) }),
      tf.layers.batchNormalization(),
      tf.layers.dropout({ rate: 0.3 }),
      tf.layers.dense({ units: 1, kernelInitializer: initializer(4) }),
    ],
  });
  made.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  return made;
});
const x = tf.randomNormal([230, 16], 0, 1, 'float32', 7);
const y = x.sum(1, true);

let steps = 0;
const onBatchEnd = async () => {
  steps++;
  if (steps === STEPS_BEFORE_SAMPLE) {
    globalThis.gc?.();
    const sample = {
      mb: process.memoryUsage().rss / 2 ** 20,
      handles: readdirSync('/proc/self/fd').length,
      threads: readdirSync('/proc/self/task').length,
    };
    console.log(`SAMPLE ${JSON.stringify(sample)}`);
  }
  await new Promise((resolve) => setTimeout(resolve, Number(waitMs)));
};
const callbacks = [
  new tf.CustomCallback({ onBatchEnd }),
  backupAndRestore({ backupDir: 'backup', saveFreq: 10, deleteCheckpoint: false }),
];
await model.fit(x, y, { epochs: Number(epochs), batchSize: 24, callbacks });
const hash = createHash('sha256');
for (const weight of model.getWeights()) hash.update(Buffer.from((await weight.data()).buffer));
console.log(`RESULT ${hash.digest('hex').slice(0, 16)} after ${steps} own steps`);
