/** Tensors that were made on another backend, where a reshaped or cast tensor shares its data with the original. */
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';

import { useBackend } from '../../../src/runtime/backend/install.js';
import { MirroredStrategy } from '../../../src/runtime/index.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';
import { SILENT } from '../support/silent.js';
import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

useCpuBackend();

describeWithTensorFlow('tensors of the CPU backend', () => {
  it('keep their own shape and type', async () => {
    await tf.setBackend('cpu');
    const vector = tf.tensor1d([1, 2, 3, 4]);
    const matrix = vector.reshape([2, 2]);
    const integers = tf.tensor1d([1, 4, 9], 'int32');
    const floats = integers.toFloat();
    useBackend();
    expect(tf.matMul(matrix, matrix).arraySync()).toEqual([
      [7, 10],
      [15, 22],
    ]);
    expect(vector.add(1).arraySync()).toEqual([2, 3, 4, 5]);
    expect(floats.div(2).arraySync()).toEqual([0.5, 2, 4.5]);
    expect(integers.add(integers).dtype).toBe('int32');
  });

  it('are freed with the tensor that they share their data with', async () => {
    await tf.setBackend('cpu');
    const vector = tf.tensor1d([1, 2, 3, 4]);
    const matrix = vector.reshape([2, 2]);
    useBackend();
    const before = tf.memory().numDataBuffers;
    tf.tidy(() => tf.matMul(matrix, matrix).dataSync());
    vector.dispose();
    expect(matrix.transpose().arraySync()).toEqual([
      [1, 3],
      [2, 4],
    ]);
    matrix.dispose();
    expect(tf.memory().numDataBuffers).toBe(before);
  });

  it('can be what a model trains on', async () => {
    await tf.setBackend('cpu');
    const x = tf.range(0, 12).reshape([4, 3]);
    const y = tf.zeros([4]).reshape([4, 1]);
    useBackend();
    const model = new MirroredStrategy({ devices: 1, engine: 'tensorflow' }).scope(() => {
      const built = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [3] })] });
      built.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      return built;
    });
    const { history } = await model.fit(x, y, { verbose: SILENT });
    expect(history['loss']?.[0]).toBeGreaterThan(0);
  });
});
