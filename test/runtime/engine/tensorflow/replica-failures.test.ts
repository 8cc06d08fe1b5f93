/** A replica that fails in a traced step: one error, nobody hangs, the weights are what they were. In processes of their own: TensorFlow ends collectives for good. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { MirroredStrategy } from '../../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';

/** Words 0 to 9, but for one of the second replica's in `bad`. */
function words(bad: boolean): tf.Tensor2D {
  return tf.tensor2d(Array.from({ length: 32 }, (_, place) => (bad && place === 30 ? 99 : place % 10)), [8, 4], 'int32');
}

function embeddingModel(devices: number): tf.LayersModel {
  return new MirroredStrategy({ devices, engine: 'tensorflow' }).scope(() => {
    const model = tf.sequential({
      layers: [tf.layers.embedding({ inputDim: 10, outputDim: 3, inputLength: 4 }), tf.layers.flatten(), tf.layers.dense({ units: 1 })],
    });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    return model;
  });
}

describe.skipIf(locateTensorFlow().files === undefined)('a word beyond the vocabulary', () => {
  new MirroredStrategy({ devices: 2, engine: 'tensorflow' });
  const targets = tf.ones([8, 1]);
  const options = { batchSize: 8, epochs: 5, verbose: 0 } as const;

  test.each([1, 2])('%i replicas: fit fails with the op, and the weights stay', async (devices) => {
    const model = embeddingModel(devices);
    await model.fit(words(false), targets, options);
    const before = model.getWeights().map((weight) => weight.dataSync());
    await expect(model.fit(words(true), targets, options)).rejects.toThrow(/99 is not in \[0, 10\)/);
    expect(model.getWeights().map((weight) => weight.dataSync())).toEqual(before);
    if (devices === 1) {
      // Without collectives training goes on.
      const { history } = await model.fit(words(false), targets, options);
      expect(history['loss']?.at(-1)).toBeLessThan(history['loss']?.[0] as number);
    }
  }, 30_000);
});
