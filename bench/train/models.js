/**
 * The benchmark's models in TensorFlow.js, the same shapes as in keras_worker.py.
 * Pure: builds models, reads nothing.
 */
import * as tf from '@tensorflow/tfjs';

function residualBlock(input) {
  let output = input;
  for (let half = 0; half < 2; half++) {
    output = tf.layers.batchNormalization({}).apply(output);
    output = tf.layers.reLU().apply(output);
    output = tf.layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same', useBias: false }).apply(output);
  }
  return tf.layers.add().apply([input, output]);
}

/** By name: input shape without the batch, whether inputs are word numbers, and a builder. */
export const BENCHMARK_MODELS = new Map([
  [
    'mlp',
    {
      inputShape: [784],
      build: () =>
        tf.sequential({
          layers: [
            tf.layers.dense({ inputShape: [784], units: 128, activation: 'relu' }),
            tf.layers.dense({ units: 10, activation: 'softmax' }),
          ],
        }),
    },
  ],
  [
    'cnn',
    {
      inputShape: [28, 28, 1],
      build: () =>
        tf.sequential({
          layers: [
            tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 16, kernelSize: 3, activation: 'relu' }),
            tf.layers.maxPooling2d({ poolSize: 2 }),
            tf.layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
            tf.layers.maxPooling2d({ poolSize: 2 }),
            tf.layers.flatten(),
            tf.layers.dense({ units: 10, activation: 'softmax' }),
          ],
        }),
    },
  ],
  [
    'lstm',
    {
      inputShape: [28, 28],
      build: () =>
        tf.sequential({
          layers: [
            tf.layers.lstm({ inputShape: [28, 28], units: 64, returnSequences: true }),
            tf.layers.lstm({ units: 64 }),
            tf.layers.dense({ units: 10, activation: 'softmax' }),
          ],
        }),
    },
  ],
  [
    'resnet',
    {
      inputShape: [28, 28, 1],
      build: () => {
        const inputs = tf.input({ shape: [28, 28, 1] });
        let x = tf.layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same', useBias: false }).apply(inputs);
        for (let block = 0; block < 3; block++) x = residualBlock(x);
        x = tf.layers.globalAveragePooling2d({}).apply(x);
        const outputs = tf.layers.dense({ units: 10, activation: 'softmax' }).apply(x);
        return tf.model({ inputs, outputs });
      },
    },
  ],
  [
    'embedding',
    {
      inputShape: [64],
      integerInput: true,
      build: () =>
        tf.sequential({
          layers: [
            tf.layers.embedding({ inputDim: 5000, outputDim: 32, inputLength: 64 }),
            tf.layers.globalAveragePooling1d(),
            tf.layers.dense({ units: 32, activation: 'relu' }),
            tf.layers.dense({ units: 10, activation: 'softmax' }),
          ],
        }),
    },
  ],
]);
