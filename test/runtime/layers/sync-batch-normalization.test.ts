/**
 * SyncBatchNormalization on the logical engine equals BatchNormalization on one device, and can be saved and loaded.
 */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { MirroredStrategy, registerLayers, syncBatchNormalization } from '../../../src/runtime/index.js';
import { distance, EQUAL, expectSameTraining } from '../support/compare-training.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';
import { SYNC_BATCH_NORMALIZATION_CASES } from '../support/sync-batch-normalization-cases.js';
import { setFixedWeights } from '../support/training-outcome.js';

useCpuBackend();

describe.each(SYNC_BATCH_NORMALIZATION_CASES)('$name', (modelCase) => {
  test.each([1, 2, 3, 4])('%i replicas', async (devices) => {
    await expectSameTraining(modelCase, new MirroredStrategy({ devices }), { rows: 24, batchSize: 12 });
  });
  test('3 replicas with a ragged last batch', async () => {
    await expectSameTraining(modelCase, new MirroredStrategy({ devices: 3 }), {
      rows: 23,
      batchSize: 8,
      optimizer: () => tf.train.momentum(0.05, 0.9),
    });
  });
  test('4 replicas, two of them idle in the last batch', async () => {
    await expectSameTraining(modelCase, new MirroredStrategy({ devices: 4 }), { rows: 14, batchSize: 6 });
  });
});

test('plain batch normalization with two replicas gives other results, so the tests above can fail', async () => {
  const x = tf.randomNormal([8, 3], 0, 1, 'float32', 1);
  const y = tf.randomNormal([8, 1], 0, 1, 'float32', 2);
  const losses: number[] = [];
  for (const layer of [syncBatchNormalization, tf.layers.batchNormalization]) {
    const model = new MirroredStrategy({ devices: 2 }).scope(() => {
      const built = tf.sequential({ layers: [layer({ inputShape: [3] }), tf.layers.dense({ units: 1 })] });
      built.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      return built;
    });
    setFixedWeights(model);
    losses.push((await model.trainOnBatch(x, y)) as number);
  }
  expect(Math.abs((losses[0] as number) - (losses[1] as number))).toBeGreaterThan(1e-3);
});

test.each([{ scale: false }, { center: false }])('trains with %o, with and without a strategy', async (args) => {
  const x = tf.randomNormal([6, 2], 3, 2, 'float32', 1);
  const y = tf.randomNormal([6, 1], 0, 1, 'float32', 2);
  const trained = [undefined, new MirroredStrategy({ devices: 2 })].map(async (strategy) => {
    const build = (): tf.Sequential => {
      const built = tf.sequential({
        layers: [syncBatchNormalization({ inputShape: [2], ...args }), tf.layers.dense({ units: 1 })],
      });
      built.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      return built;
    };
    const model = strategy === undefined ? build() : strategy.scope(build);
    setFixedWeights(model);
    await model.trainOnBatch(x, y);
    return model.getWeights();
  });
  const [plain, scoped] = (await Promise.all(trained)) as [tf.Tensor[], tf.Tensor[]];
  expect(plain).toHaveLength(5);
  plain.forEach((weight, index) => {
    expect(distance(weight, scoped[index] as tf.Tensor)).toBeLessThan(EQUAL);
  });
});

test('a step leaks no tensor', async () => {
  const modelCase = SYNC_BATCH_NORMALIZATION_CASES[1];
  const model = new MirroredStrategy({ devices: 2 }).scope(() => modelCase?.build()) as tf.LayersModel;
  const [x, y] = [tf.ones([4, 5]), tf.ones([4, 1])];
  await model.trainOnBatch(x, y);
  const before = tf.memory().numTensors;
  await model.trainOnBatch(x, y);
  expect(tf.memory().numTensors).toBe(before);
});

describe('saved models', () => {
  const named = (layer: typeof syncBatchNormalization): tf.Sequential => {
    const norm = layer({ inputShape: [4], name: 'norm', momentum: 0.6, epsilon: 0.02, betaInitializer: 'ones' });
    return tf.sequential({ layers: [norm, tf.layers.dense({ units: 1, name: 'out' })] });
  };

  test('keep the class and its arguments', async () => {
    const model = named(syncBatchNormalization);
    setFixedWeights(model);
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler((artifacts) => {
        saved = artifacts;
        return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } });
      }),
    );
    registerLayers();
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved as tf.io.ModelArtifacts));
    expect(loaded.layers[0]?.getClassName()).toBe('SyncBatchNormalization');
    expect(loaded.layers[0]?.getConfig()).toEqual(model.layers[0]?.getConfig());
    const x = tf.randomNormal([5, 4]);
    expect(distance(loaded.predict(x) as tf.Tensor, model.predict(x) as tf.Tensor)).toBe(0);
  });

  test('load the weights of a model with BatchNormalization, and vice versa', () => {
    const [sync, plain] = [named(syncBatchNormalization), named(tf.layers.batchNormalization)];
    expect(sync.weights.map(({ originalName, shape }) => [originalName, shape])).toEqual(
      plain.weights.map(({ originalName, shape }) => [originalName, shape]),
    );
    const x = tf.randomNormal([5, 4]);
    for (const [from, to] of [
      [sync, plain],
      [plain, sync],
    ] as const) {
      setFixedWeights(from);
      const byName = Object.fromEntries(from.weights.map((weight) => [weight.originalName, weight.read()]));
      to.loadWeights(byName);
      expect(distance(from.predict(x) as tf.Tensor, to.predict(x) as tf.Tensor)).toBe(0);
    }
  });
});

test('TensorFlow.js numbers layers of the factory by their own class name', () => {
  const before = tf.layers.batchNormalization().name;
  syncBatchNormalization();
  const after = tf.layers.batchNormalization().name;
  const number = (name: string): number => Number(/(\d+)$/.exec(name)?.[1]);
  expect(number(after)).toBe(number(before) + 1);
});
