/**
 * Trains in several processes. Start it with `npx mirrorscope launch --workers 2 train.js`, or with `TF_CONFIG` on each
 * machine.
 */
import * as tf from '@tensorflow/tfjs';
import { MultiWorkerMirroredStrategy, TFConfigClusterResolver } from 'mirrorscope';

const clusterResolver = new TFConfigClusterResolver();
const strategy = new MultiWorkerMirroredStrategy({ clusterResolver });
const model = strategy.scope(() => {
  const made = tf.sequential({
    layers: [tf.layers.dense({ units: 16, activation: 'relu', inputShape: [4] }), tf.layers.dense({ units: 1 })],
  });
  made.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  return made;
});

const x = tf.randomNormal([256, 4], 0, 1, 'float32', 1);
const y = x.sum(1, true);
const { history } = await model.fit(x, y, { batchSize: 64, epochs: 5, verbose: 0 });
console.log(`${clusterResolver.taskType} ${clusterResolver.taskId}: loss ${history.loss.join(' ')}`);
