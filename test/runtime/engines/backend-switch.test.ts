/** Variables made on another backend than the one in use survive a program of the logical engine. */
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

import { MirroredStrategy, type PerReplica } from '../../../src/runtime/index.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';

useCpuBackend();

test('a variable of the old backend is moved, read and written', async () => {
  const variable = tf.variable(tf.tensor1d([1, 2, 3]));
  const Backend = tf.backend().constructor as new () => tf.KernelBackend;
  tf.registerBackend('another-cpu', () => new Backend());
  for (const kernel of tf.getKernelsForBackend('cpu')) tf.registerKernel({ ...kernel, backendName: 'another-cpu' });
  await tf.setBackend('another-cpu');
  const strategy = new MirroredStrategy({ devices: 2, engine: 'logical' });
  for (let round = 0; round < 3; round++) {
    const result = strategy.run(() => {
      variable.assign(variable.add(1));
      return tf.scalar(1);
    }) as PerReplica;
    result.dispose();
  }
  expect(variable.arraySync()).toEqual([4, 5, 6]);
});
