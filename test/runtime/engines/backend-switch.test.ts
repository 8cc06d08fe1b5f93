/** Variables of another backend than the current one keep their values when the logical engine runs. */
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

import { MirroredStrategy, type PerReplica } from '../../../src/runtime/index.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';

useCpuBackend();

test('moves, reads and writes a variable of the old backend', async () => {
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
