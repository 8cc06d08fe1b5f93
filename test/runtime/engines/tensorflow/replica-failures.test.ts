/**
 * A replica that fails in a traced step causes one error. No replica hangs, the weights do not change, and training can
 * continue.
 */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { ErrorCode, MirroredStrategy } from '../../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';

/** Words from 0 to 9; with `bad`, the second replica's rows have one word beyond them. */
function words(bad: boolean): tf.Tensor2D {
  return tf.tensor2d(
    Array.from({ length: 32 }, (_, place) => (bad && place === 30 ? 99 : place % 10)),
    [8, 4],
    'int32',
  );
}

function embeddingModel(devices: number, optimizer = 'sgd'): tf.LayersModel {
  return new MirroredStrategy({ devices, engine: 'tensorflow' }).scope(() => {
    const model = tf.sequential({
      layers: [
        tf.layers.embedding({ inputDim: 10, outputDim: 3, inputLength: 4 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 1 }),
      ],
    });
    model.compile({ optimizer, loss: 'meanSquaredError' });
    return model;
  });
}

describe.skipIf(locateTensorFlow().files === undefined)('a word beyond the vocabulary', () => {
  new MirroredStrategy({ devices: 4, engine: 'tensorflow' });
  const targets = tf.ones([8, 1]);
  const options = { batchSize: 8, epochs: 5, verbose: 0, shuffle: false } as const;
  const failure = expect.objectContaining({
    code: ErrorCode.ReplicaFailed,
    message: expect.stringMatching(/failed on replica \d \(.*CPU:\d\): .*99 is not in \[0, 10\)/) as unknown,
  }) as unknown;
  const weights = (model: tf.LayersModel): number[] => model.getWeights().flatMap((weight) => [...weight.dataSync()]);

  // The recorded part, that of the first replica, has no bad word. So with several replicas, even the first step fails
  // on the last one.
  test.each([
    [4, 'sgd'],
    [2, 'sgd'],
    [2, 'adam'],
    [1, 'sgd'],
    [1, 'adam'],
  ])(
    '%i replicas, %s: the error of fit names the op, the weights do not change, and training continues normally',
    async (devices, optimizer) => {
      const model = embeddingModel(devices, optimizer);
      const twin = embeddingModel(1, optimizer);
      twin.setWeights(model.getWeights());
      // The only replica's part is recorded, so it must not fail yet.
      if (devices === 1) for (const each of [model, twin]) await each.fit(words(false), targets, options);
      for (let time = 0; time < 2; time++) {
        const before = weights(model);
        await expect(model.fit(words(true), targets, options)).rejects.toEqual(failure);
        expect(weights(model)).toEqual(before);
        await model.fit(words(false), targets, options);
        await twin.fit(words(false), targets, options);
        weights(twin).forEach((weight, place) => {
          expect(weights(model)[place]).toBeCloseTo(weight, 5);
        });
      }
    },
    60_000,
  );

  test.each([1, 2])(
    '%i replicas: the very first step can fail on the first replica, whose part is recorded',
    async (devices) => {
      const model = embeddingModel(devices);
      const before = weights(model);
      const firstWordBad = tf.tensor2d(
        Array.from({ length: 32 }, (_, place) => (place === 0 ? 99 : place % 10)),
        [8, 4],
        'int32',
      );
      const ofFirst = expect.objectContaining({
        code: ErrorCode.ReplicaFailed,
        message: expect.stringMatching(/^Replica 0 on .*CPU:0 failed: .*99 is not in \[0, 10\)/) as unknown,
        cause: expect.objectContaining({ code: ErrorCode.TensorFlow }) as unknown,
      }) as unknown;
      await expect(model.fit(firstWordBad, targets, options)).rejects.toEqual(ofFirst);
      expect(() => model.evaluate(firstWordBad, targets)).toThrow(ofFirst);
      expect(() => model.predict(firstWordBad)).toThrow(ofFirst);
      expect(weights(model)).toEqual(before);
      await model.fit(words(false), targets, options);
      expect(weights(model)).not.toEqual(before);
    },
  );

  test.each([1, 4])(
    'a loss that throws fails the step of the replica, in %i micro-batches',
    async (gradientAccumulationSteps) => {
      const mine = new RangeError('my loss');
      const model = new MirroredStrategy({ devices: 2, engine: 'tensorflow', gradientAccumulationSteps }).scope(() => {
        const built = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
        built.compile({
          optimizer: 'sgd',
          loss: () => {
            throw mine;
          },
        });
        return built;
      });
      await expect(model.fit(tf.ones([8, 2]), targets, options)).rejects.toMatchObject({
        code: ErrorCode.ReplicaFailed,
        cause: mine,
      });
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      await model.fit(tf.ones([8, 2]), targets, options);
    },
  );
});
