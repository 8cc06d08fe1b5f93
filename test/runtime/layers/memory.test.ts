/** Training, evaluating and predicting through a strategy leak no tensor. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { MirroredStrategy } from '../../../src/runtime/index.js';
import { twins } from '../support/compare-training.js';
import { MODEL_CASES } from '../support/model-cases.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';
import { SILENT } from '../support/silent.js';

useCpuBackend();

describe.each(MODEL_CASES)('$name', (modelCase) => {
  test('memory is flat over epochs, evaluations and predictions', async () => {
    const { scoped } = twins(modelCase, new MirroredStrategy({ devices: 3 }), () => 'adam');
    const batchSize = 12;
    const { x, y } = modelCase.data(modelCase.fixedBatch === undefined ? 17 : 24);
    const round = async (): Promise<number> => {
      await scoped.fit(x, y, { batchSize, epochs: 1, shuffle: false, verbose: SILENT });
      tf.dispose(scoped.evaluate(x, y, { batchSize }));
      tf.dispose(scoped.predict(x, { batchSize }));
      await scoped.trainOnBatch(...(firstRows(x, y, 12) as [tf.Tensor, tf.Tensor]));
      return tf.memory().numTensors;
    };
    await round();
    const after = await round();
    expect(await round()).toBe(after);
    expect(await round()).toBe(after);
  });
});

const batches = new WeakMap<object, unknown>();

/** Slices rows only once for each data set, so that they do not count as a leak. */
function firstRows(x: tf.Tensor | tf.Tensor[], y: tf.Tensor | tf.Tensor[], rows: number): unknown {
  const slice = (data: tf.Tensor | tf.Tensor[]): unknown =>
    Array.isArray(data) ? data.map((tensor) => tensor.slice([0], [rows])) : data.slice([0], [rows]);
  if (!batches.has(x)) batches.set(x, [slice(x), slice(y)]);
  return batches.get(x);
}

test('fitDataset does not leak', async () => {
  const modelCase = MODEL_CASES[0] as (typeof MODEL_CASES)[number];
  const { scoped } = twins(modelCase, new MirroredStrategy({ devices: 2 }), () => 'adam');
  const { x, y } = modelCase.data(16) as { x: tf.Tensor; y: tf.Tensor };
  const rows = { xs: x.arraySync() as number[][], ys: y.arraySync() as number[][] };
  const dataset = tf.data.zip({ xs: tf.data.array(rows.xs), ys: tf.data.array(rows.ys) }).batch(8);
  const round = async (): Promise<number> => {
    await scoped.fitDataset(dataset, { epochs: 1, verbose: SILENT });
    return tf.memory().numTensors;
  };
  await round();
  const after = await round();
  expect(await round()).toBe(after);
});
