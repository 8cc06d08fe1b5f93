/**
 * N replicas give the results of one device with the same global batch, for every kind of model and every optimizer.
 */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { MirroredStrategy } from '../../../src/runtime/index.js';
import { expectSameTraining } from '../support/compare-training.js';
import { MODEL_CASES, type ModelCase } from '../support/model-cases.js';
import { OPTIMIZERS } from '../support/optimizers.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';
import { SILENT } from '../support/silent.js';

useCpuBackend();

const REPLICAS = [1, 2, 3, 4];
const dense = MODEL_CASES[0] as ModelCase;

describe.each(MODEL_CASES)('$name', (modelCase) => {
  test.each(REPLICAS)('%i replicas', async (devices) => {
    await expectSameTraining(modelCase, new MirroredStrategy({ devices }), { rows: 24, batchSize: 12 });
  });
  if (modelCase.fixedBatch !== undefined) return;
  test('3 replicas with a ragged last batch', async () => {
    await expectSameTraining(modelCase, new MirroredStrategy({ devices: 3 }), { rows: 23, batchSize: 8 });
  });
  test('4 replicas with a last batch of 2 examples', async () => {
    await expectSameTraining(modelCase, new MirroredStrategy({ devices: 4 }), { rows: 14, batchSize: 6 });
  });
});

describe.each([...OPTIMIZERS.keys()])('%s', (name) => {
  test.each(REPLICAS)('%i replicas', async (devices) => {
    const optimizer = OPTIMIZERS.get(name) as () => tf.Optimizer;
    await expectSameTraining(dense, new MirroredStrategy({ devices }), {
      rows: 23,
      batchSize: 8,
      epochs: 3,
      optimizer,
    });
  });
});

test('every replica computes its rows, in replica order', async () => {
  const rows: number[] = [];
  const loss = (target: tf.Tensor, output: tf.Tensor): tf.Tensor => {
    rows.push(target.shape[0]);
    return tf.losses.meanSquaredError<tf.Tensor, tf.Tensor>(target, output);
  };
  // A traced step calls the loss only while it is recorded.
  const model = new MirroredStrategy({ devices: 3, runEagerly: true }).scope(() => {
    const built = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    built.compile({ optimizer: 'sgd', loss });
    return built;
  });
  await model.fit(tf.ones([10, 2]), tf.ones([10, 1]), { batchSize: 8, verbose: SILENT });
  expect(rows).toEqual([3, 3, 2, 1, 1]);
});
