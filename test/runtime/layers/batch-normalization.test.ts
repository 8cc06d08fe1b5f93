/**
 * Compares BatchNorm under a strategy with its definition: statistics per replica, and their mean for the moving
 * averages.
 */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { splitRows } from '../../../src/runtime/distribute/split-batch.js';
import { MirroredStrategy } from '../../../src/runtime/index.js';
import { distance, EQUAL } from '../support/compare-training.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';

useCpuBackend();

const FEATURES = 3;
const MOMENTUM = 0.9;
const EPSILON = 1e-3;
const RATE = 0.1;

function build(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.batchNormalization({ inputShape: [FEATURES], momentum: MOMENTUM, epsilon: EPSILON }),
      tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.constant({ value: 0.5 }) }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(RATE), loss: 'meanSquaredError' });
  return model;
}

/** Computes one step by the definition. @returns Gamma, beta, kernel, bias, moving mean, moving variance. */
function expectedStep(x: tf.Tensor2D, y: tf.Tensor2D, replicas: number): tf.Tensor[] {
  const gamma = tf.variable(tf.ones([FEATURES]));
  const beta = tf.variable(tf.zeros([FEATURES]));
  const kernel = tf.variable(tf.fill([FEATURES, 1], 0.5));
  const bias = tf.variable(tf.zeros([1]));
  const batch = x.shape[0];
  const parts = splitRows(batch, replicas).filter(({ size }) => size > 0);
  const { grads } = tf.variableGrads(() => {
    const losses = parts.map(({ start, size }) => {
      const input = x.slice([start], [size]);
      const { mean, variance } = tf.moments(input, 0);
      const normalized = input.sub(mean).div(variance.add(EPSILON).sqrt()).mul(gamma).add(beta);
      const error = normalized
        .matMul(kernel as unknown as tf.Tensor2D)
        .add(bias)
        .sub(y.slice([start], [size]));
      return error.square().sum();
    });
    return tf.addN(losses).div<tf.Scalar>(batch);
  }, [gamma, beta, kernel, bias]);
  const moments = parts.map(({ start, size }) => tf.moments(x.slice([start], [size]), 0));
  const meanOf = (list: tf.Tensor[]): tf.Tensor => tf.addN(list).div(list.length);
  const movingMean = meanOf(moments.map(({ mean }) => mean)).mul(1 - MOMENTUM);
  const movingVariance = meanOf(moments.map(({ variance }) => variance))
    .mul(1 - MOMENTUM)
    .add(MOMENTUM);
  const trained = [gamma, beta, kernel, bias].map((variable) =>
    variable.sub((grads[variable.name] as tf.Tensor).mul(RATE)),
  );
  return [...trained, movingMean, movingVariance];
}

describe.each([1, 2, 3, 4])('%i replicas', (devices) => {
  test.each([12, 7, 3])('a batch of %i', async (rows) => {
    const x = tf.randomNormal<tf.Rank.R2>([rows, FEATURES], 1, 2, 'float32', 5);
    const y = tf.randomNormal<tf.Rank.R2>([rows, 1], 0, 1, 'float32', 6);
    const model = new MirroredStrategy({ devices }).scope(build);
    await model.trainOnBatch(x, y);
    const actual = model.getWeights();
    expectedStep(x, y, devices).forEach((weight, index) => {
      expect(
        distance(weight, actual[[0, 1, 2, 3, 4, 5][index] as number] as tf.Tensor),
        `weight ${index}`,
      ).toBeLessThan(EQUAL);
    });
  });
});

test('in evaluation and prediction every replica uses the moving averages', () => {
  const x = tf.randomNormal([9, FEATURES], 0, 1, 'float32', 1);
  const plain = build();
  const scoped = new MirroredStrategy({ devices: 2 }).scope(build);
  expect(distance(plain.predict(x) as tf.Tensor, scoped.predict(x) as tf.Tensor)).toBeLessThan(EQUAL);
});
