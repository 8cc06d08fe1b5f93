/**
 * Random models train to the same result on XLA and eagerly on TensorFlow. `npm run test:random-models` draws 500
 * models. Set MIRRORSCOPE_RANDOM_SEED to draw others, or to the seed of a failure to repeat it.
 */
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, expect, test, vi } from 'vitest';

import { MirroredStrategy } from '../../../../src/runtime/index.js';
import { describeWithPjrt } from '../../pjrt/describe-with-pjrt.js';
import { expectSameOutcome } from '../../support/compare-training.js';
import { drawnModel, randomCase } from '../../support/random-model-cases.js';
import { trainCase } from '../../support/training-outcome.js';

/** Compiling takes longer than on TensorFlow, so a normal test run draws fewer models. */
const COUNT = Number(process.env['MIRRORSCOPE_RANDOM_MODELS'] ?? 4);
const SEED = Number(process.env['MIRRORSCOPE_RANDOM_SEED'] ?? 20240611);

/** Reasons why a step may run on TensorFlow. */
const EXPECTED_REASONS: readonly RegExp[] = [];

describeWithPjrt('random models on XLA', () => {
  beforeAll(() => {
    new MirroredStrategy({ devices: 4, engine: 'pjrt' });
  });

  test(`${String(COUNT)} of them, seed ${String(SEED)}`, { timeout: 3_600_000 }, async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const property = fc.asyncProperty(drawnModel, async (drawn) => {
      const { modelCase, options, description } = randomCase(drawn);
      const { devices } = drawn;
      const strategy = (engine: 'pjrt' | 'tensorflow', runEagerly: boolean): MirroredStrategy =>
        new MirroredStrategy({ devices, engine, runEagerly });
      try {
        const eager = await trainCase(modelCase, options, strategy('tensorflow', true));
        expectSameOutcome(eager, await trainCase(modelCase, options, strategy('pjrt', false)));
        const elsewhere = warn.mock.calls
          .map(([text]) => String(text))
          .filter((text) => text.includes('runs eagerly') || text.includes('runs on TensorFlow'))
          .filter((text) => !EXPECTED_REASONS.some((reason) => reason.test(text)));
        expect(elsewhere).toEqual([]);
      } catch (error) {
        throw new Error(`${description}: ${(error as Error).message}`, { cause: error });
      } finally {
        warn.mockClear();
        tf.disposeVariables();
      }
    });
    await fc.assert(property, { numRuns: COUNT, seed: SEED });
    warn.mockRestore();
  });
});
