/** The model that the soaks train, and its data. Makes tfjs tensors. */
import * as tf from '@tensorflow/tfjs';

/**
 * Builds and compiles a small image classifier with a random layer and running statistics.
 * @returns {tf.LayersModel} The model.
 */
export function compiledClassifier() {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [12, 12, 1], filters: 4, kernelSize: 3, activation: 'relu' }),
      tf.layers.batchNormalization(),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dropout({ rate: 0.2 }),
      tf.layers.dense({ units: 5, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.001), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

/**
 * Makes random images and labels, the same every time.
 * @param {number} rows - How many.
 * @returns {{ features: tf.Tensor, labels: tf.Tensor }} `float32` [rows, 12, 12, 1] and [rows, 5].
 */
export function trainingData(rows) {
  return {
    features: tf.randomUniform([rows, 12, 12, 1], 0, 1, 'float32', 1),
    labels: tf.tidy(() => tf.oneHot(tf.randomUniform([rows], 0, 5, 'int32', 2), 5).toFloat()),
  };
}
