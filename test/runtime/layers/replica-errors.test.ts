/** A replica that fails in fit, evaluate or predict causes one error, and the model stays as before the step. */
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

import { ErrorCode, getReplicaContext, MirroredStrategy } from '../../../src/runtime/index.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';
import { SILENT } from '../support/silent.js';

useCpuBackend();

class Failing extends tf.layers.Layer {
  static className = 'Failing';
  failOn = -1;
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    if (getReplicaContext()?.replicaIdInSyncGroup === this.failOn) throw new RangeError('no such row');
    return ([inputs].flat()[0] as tf.Tensor).clone();
  }
}

test('the error names replica, device and cause; weights, states and memory are as before', async () => {
  const failing = new Failing({});
  const model = new MirroredStrategy({ devices: 2 }).scope(() => {
    const built = tf.sequential({
      layers: [
        tf.layers.lstm({ units: 2, stateful: true, batchInputShape: [4, 3, 2] }),
        tf.layers.batchNormalization(),
        failing,
        tf.layers.dense({ units: 1 }),
      ],
    });
    built.compile({ optimizer: tf.train.momentum(0.1, 0.9), loss: 'meanSquaredError', metrics: ['mae'] });
    return built;
  });
  const x = tf.randomNormal([4, 3, 2]);
  const y = tf.ones([4, 1]);
  await model.trainOnBatch(x, y);
  const state = (): unknown => [
    ...model.getWeights().map((weight) => weight.arraySync()),
    ...(model.layers[0] as tf.RNN).states.map((tensor) => tensor.arraySync()),
  ];
  const before = state();
  const tensors = tf.memory().numTensors;
  failing.failOn = 1;
  const error = expect.objectContaining({
    code: ErrorCode.ReplicaFailed,
    message: expect.stringMatching(/^Replica 1 on \S+ failed: no such row$/) as unknown,
    cause: expect.any(RangeError) as unknown,
  }) as unknown;
  await expect(model.fit(x, y, { batchSize: 4, verbose: SILENT })).rejects.toEqual(error);
  // When a step throws, TensorFlow.js's own fit leaks one tensor, the order of the rows.
  expect(tf.memory().numTensors).toBe(tensors + 1);
  await expect(model.trainOnBatch(x, y)).rejects.toEqual(error);
  expect(() => model.evaluate(x, y, { batchSize: 4 })).toThrow(error);
  expect(() => model.predict(x, { batchSize: 4 })).toThrow(error);
  expect(state()).toEqual(before);
  expect(tf.memory().numTensors).toBe(tensors + 1);
  failing.failOn = -1;
  await model.fit(x, y, { batchSize: 4, verbose: SILENT });
  expect(state()).not.toEqual(before);
});

test('a layer can all-reduce statistics over the global batch', async () => {
  class GlobalMean extends tf.layers.Layer {
    static className = 'GlobalMean';
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return tf.tidy(() => {
        const input = [inputs].flat()[0] as tf.Tensor;
        const sum = tf.sum(input, 0);
        const count = tf.scalar(input.shape[0]);
        const context = getReplicaContext();
        if (context === undefined) return input.clone();
        const total = context.allReduce('SUM' as never, sum);
        const rows = context.allReduce('SUM' as never, count);
        return input.sub(total.div(rows));
      });
    }
  }
  const build = (): tf.LayersModel => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 3, inputShape: [2], kernelInitializer: tf.initializers.glorotNormal({ seed: 3 }) }),
        new GlobalMean({}),
        tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotNormal({ seed: 4 }) }),
      ],
    });
    model.compile({ optimizer: tf.train.sgd(0.5), loss: 'meanSquaredError', metrics: ['mae'] });
    return model;
  };
  const x = tf.randomNormal([7, 2], 0, 1, 'float32', 8);
  const y = tf.randomNormal([7, 1], 0, 1, 'float32', 9);
  const plain = build();
  await plain.trainOnBatch(x, y);
  for (const devices of [2, 3]) {
    const scoped = new MirroredStrategy({ devices }).scope(build);
    const before = tf.memory().numTensors;
    await scoped.trainOnBatch(x, y);
    expect(tf.memory().numTensors).toBe(before);
    plain.getWeights().forEach((weight, index) => {
      expect(
        weight
          .sub(scoped.getWeights()[index] as tf.Tensor)
          .abs()
          .max()
          .dataSync()[0],
      ).toBeLessThan(4e-5);
    });
  }
});
