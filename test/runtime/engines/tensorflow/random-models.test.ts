/**
 * Random models train to the same result traced and eagerly. `npm run test:random-models` draws 500 models. Set
 * MIRRORSCOPE_RANDOM_SEED to draw others, or to the seed of a failure to repeat it.
 */
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';

import { MirroredStrategy } from '../../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';
import { expectSameOutcome } from '../../support/compare-training.js';
import { drawnModel, randomCase } from '../../support/random-model-cases.js';
import { trainCase } from '../../support/training-outcome.js';

const COUNT = Number(process.env['MIRRORSCOPE_RANDOM_MODELS'] ?? 12);
const SEED = Number(process.env['MIRRORSCOPE_RANDOM_SEED'] ?? 20240611);
/** One test covers this many models, with its own seed. */
const MODELS_PER_TEST = 25;
const SEEDS = Array.from({ length: Math.ceil(COUNT / MODELS_PER_TEST) }, (_, index) => ({
  seed: SEED + index,
  count: Math.min(MODELS_PER_TEST, COUNT - index * MODELS_PER_TEST),
}));

describe.skipIf(locateTensorFlow().files === undefined)('random models', () => {
  beforeAll(() => {
    new MirroredStrategy({ devices: 4, engine: 'tensorflow' });
  });

  test.each(SEEDS)('$count of them, seed $seed: traced = eager', { timeout: 600_000 }, async ({ seed, count }) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const property = fc.asyncProperty(drawnModel, async (drawn) => {
      const { modelCase, options, description } = randomCase(drawn);
      const { devices } = drawn;
      try {
        const eager = await trainCase(
          modelCase,
          options,
          new MirroredStrategy({ devices, engine: 'tensorflow', runEagerly: true }),
        );
        const traced = await trainCase(modelCase, options, new MirroredStrategy({ devices, engine: 'tensorflow' }));
        expectSameOutcome(eager, traced);
        // A step that falls back to eager execution would be equal without being traced.
        expect(warn.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('runs eagerly'))).toEqual(
          [],
        );
      } catch (error) {
        throw new Error(`${description}: ${(error as Error).message}`, { cause: error });
      } finally {
        warn.mockClear();
        tf.disposeVariables();
      }
    });
    await fc.assert(property, { numRuns: count, seed });
    warn.mockRestore();
  });
});
