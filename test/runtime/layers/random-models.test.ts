/** Any strategy trains small random models like one device. */
import type { ModelCase } from '../support/model-cases.js';

import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { test } from 'vitest';

import { MirroredStrategy } from '../../../src/runtime/index.js';
import { expectSameTraining } from '../support/compare-training.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';

useCpuBackend();

const LAYERS: Record<string, (units: number) => tf.layers.Layer[]> = {
  dense: (units) => [tf.layers.dense({ units, activation: 'tanh' })],
  regularized: (units) => [tf.layers.dense({ units, kernelRegularizer: tf.regularizers.l2({ l2: 0.05 }) })],
  normalized: () => [tf.layers.layerNormalization()],
  convolved: (units) => [
    tf.layers.reshape({ targetShape: [-1, 1] }),
    tf.layers.conv1d({ filters: units, kernelSize: 1, activation: 'sigmoid' }),
    tf.layers.globalMaxPooling1d({}),
  ],
  recurrent: (units) => [tf.layers.repeatVector({ n: 2 }), tf.layers.gru({ units })],
  prelu: () => [tf.layers.prelu()],
  elu: () => [tf.layers.elu()],
};

const OPTIMIZERS: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.05, 0.8),
  adagrad: () => tf.train.adagrad(0.05),
  adamax: () => tf.train.adamax(0.01),
};

const LOSSES = ['meanSquaredError', 'meanAbsoluteError', 'cosineProximity', 'hinge'];

const drawn = fc.record({
  layers: fc.array(fc.tuple(fc.constantFrom(...Object.keys(LAYERS)), fc.integer({ min: 1, max: 4 })), {
    minLength: 1,
    maxLength: 3,
  }),
  optimizer: fc.constantFrom(...Object.keys(OPTIMIZERS)),
  loss: fc.constantFrom(...LOSSES),
  features: fc.integer({ min: 2, max: 4 }),
  rows: fc.integer({ min: 1, max: 13 }),
  batchSize: fc.integer({ min: 1, max: 8 }),
  devices: fc.integer({ min: 2, max: 5 }),
});

test('40 random models', async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async ({ layers, optimizer, loss, features, rows, batchSize, devices }) => {
      const modelCase: ModelCase = {
        name: 'random',
        build(given) {
          const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [features] })] });
          for (const [kind, units] of layers) for (const layer of LAYERS[kind]?.(units) ?? []) model.add(layer);
          model.add(tf.layers.dense({ units: 2 }));
          model.compile({ optimizer: given as tf.Optimizer, loss, metrics: ['mae'] });
          return model;
        },
        data: (count) => ({
          x: tf.randomNormal([count, features], 0, 1, 'float32', 31),
          y: tf.randomNormal([count, 2], 0, 1, 'float32', 32),
        }),
      };
      const strategy = new MirroredStrategy({ devices });
      await expectSameTraining(modelCase, strategy, {
        rows,
        batchSize,
        optimizer: OPTIMIZERS[optimizer] as () => tf.Optimizer,
      });
      tf.disposeVariables();
    }),
    { numRuns: 40, seed: 20240611 },
  );
});
