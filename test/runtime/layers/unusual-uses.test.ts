/** Models of a strategy in gradients, after disposal, on another backend, without rows, and beside a scope. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';

import { type EngineName, MirroredStrategy, PerReplica, tfFunction, useBackend } from '../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../src/runtime/tensorflow/locate.js';
import { SILENT } from '../support/silent.js';

const compiled = (extra: tf.layers.Layer[] = []): tf.Sequential => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 2, inputShape: [3], kernelInitializer: 'ones' }), ...extra],
  });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return model;
};

describe.each<EngineName>(['logical', 'tensorflow'])('%s', (engine) => {
  if (engine === 'tensorflow' && locateTensorFlow().files === undefined) return;
  let strategy: MirroredStrategy;
  let warn: MockInstance<typeof console.warn>;
  const warnings = (part: string): number => warn.mock.calls.filter(([text]) => String(text).includes(part)).length;
  beforeAll(async () => {
    warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    if (engine === 'logical') await tf.setBackend('cpu');
    strategy = new MirroredStrategy({ devices: 2, engine });
  });
  beforeEach(() => {
    warn.mockClear();
  });

  test('predict inside variableGrads, minimize and grad, as on one device', () => {
    const model = strategy.scope(() => compiled());
    const x = tf.tensor2d([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]);
    const loss = (): tf.Scalar => (model.predict(x) as tf.Tensor).sum();
    const { grads } = tf.variableGrads(loss);
    expect(Object.values(grads).map((gradient) => Array.from(gradient.dataSync()))).toContainEqual([
      12, 12, 15, 15, 18, 18,
    ]);
    const slope = tf.grad((input) => (model.predict(input) as tf.Tensor).sum())(x);
    expect(Array.from(slope.dataSync())).toEqual(new Array(9).fill(2));
    const before = loss().dataSync()[0] as number;
    tf.train.sgd(0.01).minimize(loss);
    expect(loss().dataSync()[0]).toBeLessThan(before);
  });

  test('a disposed model says so', () => {
    const model = strategy.scope(() => compiled());
    const x = tf.ones([4, 3]);
    (model.predict(x) as tf.Tensor).dispose();
    model.dispose();
    expect(() => model.predict(x)).toThrow(/already disposed/);
    expect(() => model.evaluate(x, tf.ones([4, 2]))).toThrow(/already disposed/);
  });

  test('a model that was made outside a scope and is fitted inside it: one warning', async () => {
    const outside = compiled();
    const inside = strategy.scope(() => compiled());
    const [x, y] = [tf.ones([4, 3]), tf.ones([4, 2])];
    await strategy.scope(async () => {
      await inside.fit(x, y, { verbose: SILENT });
      await outside.fit(x, y, { verbose: SILENT });
      await outside.fit(x, y, { verbose: SILENT });
    });
    await outside.fit(x, y, { verbose: SILENT });
    expect(warnings('was made outside it')).toBe(1);
  });

  test.each(['eager', 'traced'])('batch normalization ignores a replica without rows (%s)', (mode) => {
    const normalize = tf.layers.batchNormalization({ momentum: 0.5, inputShape: [1] });
    const step = (rows: tf.Tensor): tf.Tensor => normalize.apply(rows, { training: true }) as tf.Tensor;
    const run = mode === 'traced' ? tfFunction(step) : step;
    const rows = new PerReplica([tf.tensor2d([[2], [6]]), tf.zeros([0, 1])]);
    normalize.build([null, 1]);
    strategy.run(run, [rows] as never);
    const [mean, variance] = normalize.getWeights().slice(2) as [tf.Tensor, tf.Tensor];
    // The replica with rows has 0.5 · 0 + 0.5 · 4, the other one keeps 0, and Keras takes the mean.
    expect(mean.dataSync()[0]).toBe(1);
    expect(variance.dataSync()[0]).toBeGreaterThan(1);
    expect(variance.dataSync()[0]).toBeLessThan(3);
  });

  test.runIf(engine === 'tensorflow')('a first step while another backend is current, and the next ones', async () => {
    const model = strategy.scope(() => compiled());
    await tf.setBackend('cpu');
    expect((model.predict(tf.ones([4, 3])) as tf.Tensor).dataSync()[0]).toBe(3);
    const fit = async (): Promise<number> => {
      const { history } = await model.fit(tf.ones([4, 3]), tf.zeros([4, 2]), { verbose: SILENT });
      return (history['loss'] as number[])[0] as number;
    };
    const first = await fit();
    expect(first).toBeCloseTo(9, 4);
    expect(warnings('current backend is cpu')).toBe(1);
    useBackend();
    expect(await fit()).toBeLessThan(first);
    expect(warnings('current backend is cpu')).toBe(1);
  });

  test('names of GPUs without a GPU: CPU devices stand in, with one warning', () => {
    const made = new MirroredStrategy({ devices: ['gpu:0', '/device:GPU:1'], engine });
    new MirroredStrategy({ devices: ['gpu:0', 'gpu:1'], engine });
    expect(made.devices.map(({ index }) => index)).toEqual([0, 1]);
    // Another test of this file may have named a GPU before.
    expect(warnings('stand in')).toBeLessThanOrEqual(1);
    expect(() => new MirroredStrategy({ devices: ['tpu:0'], engine })).toThrow(/tpu:0/);
  });
});
