/** The options of a strategy that choose how its steps run. */
import { readdirSync } from 'node:fs';

import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { MirroredStrategy, type MirroredStrategyOptions } from '../../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';
import { SILENT } from '../../support/silent.js';

/** Trains with dropout from fixed initial weights. @returns The final weights. */
async function trained(options: MirroredStrategyOptions): Promise<number[]> {
  const model = new MirroredStrategy({ devices: 2, engine: 'tensorflow', ...options }).scope(() => {
    const built = tf.sequential({
      layers: [
        tf.layers.dropout({ rate: 0.5, inputShape: [6] }),
        tf.layers.dense({ units: 2, kernelInitializer: 'ones' }),
      ],
    });
    built.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    return built;
  });
  await model.fit(tf.ones([8, 6]), tf.zeros([8, 2]), { batchSize: 4, epochs: 2, shuffle: false, verbose: SILENT });
  return model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
}

describe.skipIf(locateTensorFlow().files === undefined)('options', () => {
  new MirroredStrategy({ devices: 2, engine: 'tensorflow' });

  test('the same seed draws the same dropout masks, and another seed draws others', async () => {
    const [one, again, other] = [await trained({ seed: 3 }), await trained({ seed: 3 }), await trained({ seed: 4 })];
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
  });

  test('small packs and another implementation give the results of the defaults', async () => {
    expect(await trained({ seed: 3, communicationOptions: { bytesPerPack: 16, implementation: 'ring' } })).toEqual(
      await trained({ seed: 3 }),
    );
  });

  test.runIf(process.platform === 'linux')('steps leak no threads', async () => {
    await trained({ seed: 3 });
    const threads = (): number => readdirSync('/proc/self/task').length;
    const before = threads();
    for (let run = 0; run < 5; run++) await trained({ seed: 3 });
    expect(threads() - before).toBeLessThan(8);
  });

  test('runEagerly runs the model layer by layer in each step', async () => {
    let calls = 0;
    const model = new MirroredStrategy({ devices: 2, engine: 'tensorflow', runEagerly: true }).scope(() => {
      const built = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
      built.compile({
        optimizer: 'sgd',
        loss: (target: tf.Tensor, output: tf.Tensor) => {
          calls++;
          return tf.losses.meanSquaredError(target, output);
        },
      });
      return built;
    });
    await model.fit(tf.ones([12, 2]), tf.zeros([12, 1]), { batchSize: 4, epochs: 1, verbose: SILENT });
    expect(calls).toBeGreaterThanOrEqual(6);
  });
});
