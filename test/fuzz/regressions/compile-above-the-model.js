model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
import * as tf from '@tensorflow/tfjs';
import { MirroredStrategy } from 'mirrorscope';
const strategy = new MirroredStrategy();
const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 1 })] });
strategy.scope(() => {
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
});