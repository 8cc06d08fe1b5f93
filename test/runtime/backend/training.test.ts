/** Layers models train the same on our backend and on tfjs's CPU backend, and leak nothing. */
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { BACKEND_NAME, session, useBackend } from '../../../src/runtime/backend/index.js';
import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

const glorot = (seed: number) => tf.initializers.glorotUniform({ seed });

function mlp(): tf.Sequential {
  const model = tf.sequential();
  model.add(tf.layers.dense({ inputShape: [12], units: 16, activation: 'relu', kernelInitializer: glorot(1) }));
  model.add(tf.layers.batchNormalization());
  model.add(tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: glorot(2) }));
  return model;
}

function cnn(): tf.Sequential {
  const model = tf.sequential();
  model.add(tf.layers.reshape({ inputShape: [12], targetShape: [4, 3, 1] }));
  model.add(
    tf.layers.conv2d({ filters: 4, kernelSize: 2, activation: 'relu', padding: 'same', kernelInitializer: glorot(1) }),
  );
  model.add(tf.layers.maxPooling2d({ poolSize: 2, padding: 'same' }));
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: glorot(2) }));
  return model;
}

function recurrent(): tf.Sequential {
  const model = tf.sequential();
  model.add(tf.layers.reshape({ inputShape: [12], targetShape: [4, 3] }));
  model.add(tf.layers.lstm({ units: 5, kernelInitializer: glorot(1), recurrentInitializer: glorot(3) }));
  model.add(tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: glorot(2) }));
  return model;
}

async function train(build: () => tf.Sequential, backend: string): Promise<{ history: number[]; weights: number[] }> {
  await tf.setBackend(backend);
  const model = build();
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const x = tf.randomUniform([48, 12], -1, 1, 'float32', 7);
  const classes = tf.tidy(() => x.sum(1).abs().mul(2).floor().clipByValue(0, 2).cast('int32'));
  const y = tf.oneHot(classes, 3).toFloat();
  const { history } = await model.fit(x, y, { epochs: 4, batchSize: 16, shuffle: false });
  const weights = model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
  model.dispose();
  return { history: [...(history['loss'] as number[]), ...(history['acc'] as number[])], weights };
}

describeWithTensorFlow('training', () => {
  beforeAll(() => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    useBackend();
  });
  afterAll(() => tf.setBackend('cpu'));

  it.each([
    ['dense with batch normalization', mlp],
    ['convolutional', cnn],
    ['recurrent', recurrent],
  ])('%s: same losses and weights as on the cpu backend', async (_name, build) => {
    const expected = await train(build, 'cpu');
    const actual = await train(build, BACKEND_NAME);
    expect(actual.weights.length).toBe(expected.weights.length);
    [...actual.history, ...actual.weights].forEach((value, index) => {
      expect(Math.abs(value - ([...expected.history, ...expected.weights][index] as number))).toBeLessThan(4e-5);
    });
  });

  it('leaks no tensor and no handle', async () => {
    await tf.setBackend(BACKEND_NAME);
    const model = cnn();
    model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
    const x = tf.randomUniform([32, 12], 0, 1, 'float32', 1);
    const y = tf.oneHot(tf.zeros([32], 'int32'), 3).toFloat();
    const epoch = () => model.fit(x, y, { epochs: 1, batchSize: 8 });
    await epoch();
    await epoch();
    const tensors = tf.memory().numTensors;
    const handles = session.context.handles.alive;
    for (let index = 0; index < 5; index++) await epoch();
    expect(tf.memory().numTensors).toBe(tensors);
    // Handles that earlier tests dropped may be collected meanwhile.
    expect(session.context.handles.alive).toBeLessThanOrEqual(handles);
  });

  it('computes gradients of functions of variables', async () => {
    await tf.setBackend(BACKEND_NAME);
    const w = tf.variable(tf.tensor1d([1, 2, 3]));
    const { value, grads } = tf.variableGrads(() => w.square().sum<tf.Scalar>());
    expect(value.dataSync()[0]).toBe(14);
    expect(Array.from(grads[w.name]?.dataSync() ?? [])).toEqual([2, 4, 6]);
  });

  it('uses tensors of another backend', async () => {
    await tf.setBackend('cpu');
    const fromCpu = tf.tensor1d([1, 2]);
    await tf.setBackend(BACKEND_NAME);
    const sum = fromCpu.add(1);
    expect(Array.from(await sum.data())).toEqual([2, 3]);
    await tf.setBackend('cpu');
    expect(Array.from(sum.add(1).dataSync())).toEqual([3, 4]);
  });

  it('does not block timers while it reads a large tensor', async () => {
    await tf.setBackend(BACKEND_NAME);
    const big = tf.fill([64, 1024, 1024], 1);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const values = await big.data();
    clearInterval(timer);
    big.dispose();
    expect(values.length).toBe(64 * 2 ** 20);
    expect(ticks).toBeGreaterThan(2);
  });
});
