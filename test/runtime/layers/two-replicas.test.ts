/** The first path: a dense Sequential model trains on two replicas as on one device. */
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

import { MirroredStrategy } from '../../../src/runtime/index.js';

function dense(): tf.Sequential {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 8, activation: 'tanh', inputShape: [5], kernelInitializer: tf.initializers.glorotNormal({ seed: 1 }) }));
  model.add(tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: tf.initializers.glorotNormal({ seed: 2 }) }));
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

test('a dense model on two replicas learns what one device learns', async () => {
  const x = tf.randomNormal([24, 5], 0, 1, 'float32', 7);
  const y = tf.oneHot(tf.tensor1d(Array.from({ length: 24 }, (_, row) => row % 3), 'int32'), 3);
  const one = dense();
  const strategy = new MirroredStrategy({ devices: 2 });
  const two = strategy.scope(dense);
  const options = { batchSize: 8, epochs: 3, shuffle: false, verbose: 0 } as const;
  const expected = await one.fit(x, y, options);
  const actual = await two.fit(x, y, options);
  for (const [name, values] of Object.entries(expected.history)) {
    values.forEach((value, epoch) => expect(actual.history[name]?.[epoch]).toBeCloseTo(value as number, 5));
  }
  one.getWeights().forEach((weight, index) => {
    expect((two.getWeights()[index]?.sub(weight).abs().max().dataSync() ?? [1])[0]).toBeLessThan(4e-5);
  });
});
