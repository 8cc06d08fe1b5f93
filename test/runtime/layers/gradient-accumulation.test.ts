/** Micro-batches on the logical engine give the results of the whole batch on one device. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { ErrorCode, MirroredStrategy } from '../../../src/runtime/index.js';
import { microBatchCount, microBatchShares } from '../../../src/runtime/layers/micro-batches.js';
import { expectSameTraining } from '../support/compare-training.js';
import { ACCUMULATION_CASES, batches } from '../support/gradient-accumulation-cases.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';
import { SILENT } from '../support/silent.js';

useCpuBackend();

const strategyOf = (devices: number, gradientAccumulationSteps: number): MirroredStrategy =>
  new MirroredStrategy({ devices, gradientAccumulationSteps });

describe.each(ACCUMULATION_CASES)('$name', (modelCase) => {
  test.each([
    [1, 2],
    [1, 3],
    [2, 2],
    [2, 4],
    [3, 2],
  ])('%i replicas, %i micro-batches', async (devices, steps) => {
    await expectSameTraining(modelCase, strategyOf(devices, steps), {
      ...batches(modelCase),
      optimizer: () => tf.train.momentum(0.05, 0.9),
    });
  });
});

test('the loss sees micro-batches, and the optimizer takes one step per batch', async () => {
  const sizes: number[] = [];
  const model = strategyOf(2, 3).scope(() => {
    const built = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    built.compile({
      optimizer: tf.train.adam(),
      loss: (target: tf.Tensor, output: tf.Tensor) => {
        sizes.push(target.shape[0]);
        return tf.losses.meanSquaredError<tf.Tensor, tf.Tensor>(target, output);
      },
    });
    return built;
  });
  await model.fit(tf.ones([17, 2]), tf.ones([17, 1]), { batchSize: 13, epochs: 1, verbose: SILENT });
  // 13 rows are split into 7 and 6, with three micro-batches each; the last 4 rows into 2 and 2, with two micro-batches
  // each.
  expect(sizes).toEqual([3, 2, 2, 2, 2, 2, 1, 1, 1, 1]);
  expect(model.optimizer.iterations).toBe(2);
});

test('a dropout layer with a seed draws a different mask in each micro-batch', async () => {
  const outputs: number[][] = [];
  const model = strategyOf(1, 2).scope(() => {
    const built = tf.sequential({
      layers: [
        tf.layers.dropout({ rate: 0.5, seed: 3, inputShape: [64] }),
        tf.layers.dense({ units: 64, useBias: false, kernelInitializer: 'identity' }),
      ],
    });
    built.compile({
      optimizer: tf.train.sgd(0),
      loss: (_target: tf.Tensor, output: tf.Tensor) => {
        outputs.push([...output.dataSync()]);
        return output.mean(-1);
      },
    });
    return built;
  });
  await model.trainOnBatch(tf.ones([2, 64]), tf.ones([2, 64]));
  expect(outputs).toHaveLength(2);
  expect(outputs[0]).not.toEqual(outputs[1]);
});

test('no tensor leaks', async () => {
  const model = strategyOf(2, 2).scope(() => ACCUMULATION_CASES[0]?.build()) as tf.LayersModel;
  const [x, y] = [tf.ones([8, 5]), tf.ones([8, 3])];
  await model.trainOnBatch(x, y);
  const before = tf.memory().numTensors;
  await model.trainOnBatch(x, y);
  expect(tf.memory().numTensors).toBe(before);
});

test('every replica with rows has a row in each micro-batch', () => {
  expect(
    [
      [8, 2, 4],
      [7, 2, 4],
      [3, 2, 4],
      [1, 4, 4],
      [0, 2, 4],
      [100, 2, 1],
    ].map(([rows = 0, replicas = 0, wanted = 0]) => microBatchCount(rows, Math.min(rows, replicas), wanted)),
  ).toEqual([4, 3, 1, 1, 1, 1]);
  expect(microBatchShares({ replicaId: 1, rows: { start: 4, size: 5 }, weight: 0.5 }, 2)).toEqual([
    { replicaId: 1, microBatch: 0, rows: { start: 4, size: 3 }, weight: 0.3 },
    { replicaId: 1, microBatch: 1, rows: { start: 7, size: 2 }, weight: 0.2 },
  ]);
});

test.each([0, 1.5, -2])('rejects %d micro-batches', (steps) => {
  expect(() => strategyOf(2, steps)).toThrow(expect.objectContaining({ code: ErrorCode.InvalidArgument }));
});
