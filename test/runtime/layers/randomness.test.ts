/** Dropout draws a different mask for every replica and step; a seed makes a whole run repeatable. */
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

import { MirroredStrategy } from '../../../src/runtime/index.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';

useCpuBackend();

/** Trains on ones with a learning rate of 0. @returns The mask that each replica saw in each step. */
async function masks(seed: number | undefined, devices: number, steps: number): Promise<string[]> {
  const seen: string[] = [];
  const loss = (_target: tf.Tensor, output: tf.Tensor): tf.Tensor => {
    seen.push(Array.from(output.dataSync(), (value) => (value === 0 ? '0' : '1')).join(''));
    return output.sum(-1);
  };
  const model = new MirroredStrategy({ devices }).scope(() => {
    const built = tf.sequential({
      layers: [
        tf.layers.dense({ units: 40, inputShape: [1], kernelInitializer: 'ones', useBias: false }),
        tf.layers.dropout({ rate: 0.5, ...(seed === undefined ? {} : { seed }) }),
      ],
    });
    built.compile({ optimizer: tf.train.sgd(1e-9), loss });
    return built;
  });
  for (let step = 0; step < steps; step++)
    await model.trainOnBatch(tf.ones([devices * 2, 1]), tf.ones([devices * 2, 40]));
  return seen;
}

test.each([undefined, 11])('masks differ by replica and step (seed %s)', async (seed) => {
  const seen = await masks(seed, 3, 4);
  expect(seen).toHaveLength(12);
  expect(new Set(seen).size).toBe(12);
  const ones = seen.join('').split('1').length - 1;
  expect(ones / seen.join('').length).toBeGreaterThan(0.4);
  expect(ones / seen.join('').length).toBeLessThan(0.6);
});

test('the same seed repeats the masks', async () => {
  expect(await masks(5, 2, 3)).toEqual(await masks(5, 2, 3));
  expect(await masks(5, 2, 3)).not.toEqual(await masks(6, 2, 3));
});
