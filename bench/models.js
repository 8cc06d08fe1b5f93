/**
 * The models that benchmarks train, in TensorFlow.js; train/keras_worker.py builds the same ones in Python. Builds tfjs
 * models.
 */
import * as tf from '@tensorflow/tfjs';

/**
 * @typedef {object} BenchmarkModel
 * @property {readonly number[]} inputShape - Without the batch dimension.
 * @property {boolean} [integerInput] - Whether the inputs are `int32` word numbers below 5000 instead of `float32`.
 * @property {() => tf.LayersModel} build - Builds the model; its output has ten classes.
 */

/**
 * Applies a layer to a symbolic tensor.
 * @param {tf.layers.Layer} layer - The layer.
 * @param {tf.SymbolicTensor | tf.SymbolicTensor[]} input - Its inputs.
 * @returns {tf.SymbolicTensor} Its only output.
 */
const apply = (layer, input) => /** @type {tf.SymbolicTensor} */ (layer.apply(input));

/**
 * Builds two convolutions beside a shortcut.
 * @param {tf.SymbolicTensor} input - Input with 16 channels.
 * @returns {tf.SymbolicTensor} Output of the same shape.
 */
function residualBlock(input) {
  let output = input;
  for (let half = 0; half < 2; half++) {
    output = apply(tf.layers.batchNormalization({}), output);
    output = apply(tf.layers.reLU(), output);
    output = apply(tf.layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same', useBias: false }), output);
  }
  return apply(tf.layers.add(), [input, output]);
}

/** @type {ReadonlyMap<string, BenchmarkModel>} */
const BENCHMARK_MODELS = new Map([
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
        let x = apply(tf.layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same', useBias: false }), inputs);
        for (let block = 0; block < 3; block++) x = residualBlock(x);
        x = apply(tf.layers.globalAveragePooling2d({}), x);
        const outputs = apply(tf.layers.dense({ units: 10, activation: 'softmax' }), x);
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

/**
 * Looks up a model.
 * @param {string} name - `mlp`, `cnn`, `lstm`, `resnet` or `embedding`.
 * @returns {BenchmarkModel} The model.
 * @throws {Error} When there is no such model.
 */
export function benchmarkModel(name) {
  const model = BENCHMARK_MODELS.get(name);
  if (model === undefined)
    throw new Error(`There is no model ${name}: choose from ${[...BENCHMARK_MODELS.keys()].join(', ')}.`);
  return model;
}
