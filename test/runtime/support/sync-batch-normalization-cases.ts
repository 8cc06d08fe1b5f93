/**
 * Models with batch normalization: synchronized in a strategy's scope, TensorFlow.js's own outside. Both must train
 * alike.
 */
import type { ModelCase } from './model-cases.js';

import * as tf from '@tensorflow/tfjs';

import { type BatchNormalizationArguments, hasStrategy, syncBatchNormalization } from '../../../src/runtime/index.js';

function normalization(args?: BatchNormalizationArguments): tf.layers.Layer {
  return hasStrategy() ? syncBatchNormalization(args) : tf.layers.batchNormalization(args);
}

function compiled(layers: tf.layers.Layer[], optimizer: string | tf.Optimizer): tf.Sequential {
  const model = tf.sequential({ layers });
  model.compile({ optimizer, loss: 'meanSquaredError', metrics: ['mae'] });
  return model;
}

const data =
  (shape: number[], mean: number, deviation: number) =>
  (rows: number): { x: tf.Tensor; y: tf.Tensor } => ({
    x: tf.randomNormal([rows, ...shape], mean, deviation, 'float32', 31),
    y: tf.randomNormal([rows, 1], 0, 1, 'float32', 32),
  });

export const SYNC_BATCH_NORMALIZATION_CASES: readonly ModelCase[] = [
  {
    name: 'as the first layer, on inputs far from zero',
    build: (optimizer = 'sgd') =>
      compiled([normalization({ inputShape: [3], momentum: 0.7 }), tf.layers.dense({ units: 1 })], optimizer),
    data: data([3], 50, 2),
  },
  {
    name: 'between dense layers, twice',
    build: (optimizer = 'sgd') =>
      compiled(
        [
          tf.layers.dense({ units: 4, inputShape: [5], useBias: false }),
          normalization({ momentum: 0.8, gammaRegularizer: tf.regularizers.l2({ l2: 0.01 }) }),
          tf.layers.dense({ units: 3, activation: 'tanh' }),
          normalization({ epsilon: 0.01 }),
          tf.layers.dense({ units: 1 }),
        ],
        optimizer,
      ),
    data: data([5], 0, 1),
  },
  {
    name: 'over images',
    build: (optimizer = 'sgd') =>
      compiled(
        [
          tf.layers.conv2d({ filters: 2, kernelSize: 2, useBias: false, inputShape: [4, 4, 1] }),
          normalization({ momentum: 0.5 }),
          tf.layers.reLU(),
          tf.layers.flatten(),
          tf.layers.dense({ units: 1 }),
        ],
        optimizer,
      ),
    data: data([4, 4, 1], 1, 1),
  },
  {
    name: 'along another axis',
    build(optimizer = 'sgd') {
      const features = { momentum: 0.9, inputShape: [3, 4] };
      // TensorFlow.js's own layer cannot train along the first axis.
      const layers = hasStrategy()
        ? [syncBatchNormalization({ ...features, axis: 1 })]
        : [
            tf.layers.permute({ dims: [2, 1], inputShape: [3, 4] }),
            tf.layers.batchNormalization({ momentum: 0.9 }),
            tf.layers.permute({ dims: [2, 1] }),
          ];
      return compiled([...layers, tf.layers.flatten(), tf.layers.dense({ units: 1 })], optimizer);
    },
    data: data([3, 4], -1, 2),
  },
];
