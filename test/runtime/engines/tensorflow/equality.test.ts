/**
 * Replicas on TensorFlow's devices, traced and eager, give the results of plain TensorFlow.js on its own CPU backend
 * with the same global batch: every kind of model, every optimizer, 1 to 4 replicas.
 */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';

import { BACKEND_NAME, MirroredStrategy } from '../../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';
import { expectSameOutcome } from '../../support/compare-training.js';
import { MODEL_CASES, type ModelCase } from '../../support/model-cases.js';
import { OPTIMIZERS } from '../../support/optimizers.js';
import { trainPerReplica } from '../../support/train-per-replica.js';
import { type Outcome, trainCase, type TrainingOptions } from '../../support/training-outcome.js';

/** `npm run test:equality` runs every combination; a normal test run covers those in which replicas differ most. */
const FULL = process.env['MIRRORSCOPE_FULL_EQUALITY'] === '1';
const REPLICAS = [1, 2, 3, 4];
/** Rows and batch size: equal parts for all replicas, a ragged last batch, a last batch of 2 examples. */
const EVEN = { rows: 24, batchSize: 12 };
const RAGGED = { rows: 23, batchSize: 8 };
const TWO_LEFT = { rows: 14, batchSize: 6 };
const MODES = [
  { mode: 'traced', runEagerly: false },
  { mode: 'eager', runEagerly: true },
] as const;

/** Trains with plain TensorFlow.js, on a backend that shares no code with ours. */
async function plainOutcome(modelCase: ModelCase, options: TrainingOptions, replicas: number): Promise<Outcome> {
  await tf.setBackend('cpu');
  try {
    return modelCase.statisticsPerReplica === true
      ? trainPerReplica(modelCase, options, replicas)
      : await trainCase(modelCase, options);
  } finally {
    await tf.setBackend(BACKEND_NAME);
  }
}

/** Compares several strategies with one plain run. */
function outcomes(
  modelCase: ModelCase,
  options: TrainingOptions,
): (devices: number, runEagerly: boolean) => Promise<void> {
  const plain = new Map<number, Promise<Outcome>>();
  return async (devices, runEagerly) => {
    const key = modelCase.statisticsPerReplica === true ? devices : 1;
    const expected = plain.get(key) ?? plainOutcome(modelCase, options, devices);
    plain.set(key, expected);
    const before = await expected;
    expectSameOutcome(
      before,
      await trainCase(modelCase, options, new MirroredStrategy({ devices, engine: 'tensorflow', runEagerly })),
    );
  };
}

describe.skipIf(locateTensorFlow().files === undefined)('replicas on TensorFlow', () => {
  beforeAll(() => {
    // The largest strategy first: logical devices are fixed when TensorFlow starts.
    new MirroredStrategy({ devices: 4, engine: 'tensorflow' });
  });

  // A step that falls back to eager execution gives the same numbers, so make sure that no step does.
  let warn: MockInstance<typeof console.warn>;
  beforeEach(() => {
    warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  });
  afterEach(() => {
    const eager = warn.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('runs eagerly'));
    warn.mockRestore();
    expect(eager).toEqual([]);
  });

  describe.each(MODEL_CASES)('$name', (modelCase) => {
    const isFixed = modelCase.fixedBatch !== undefined;
    // All of its batches are even; the full matrix below covers those.
    describe.each(FULL && isFixed ? [] : MODES)('$mode', ({ runEagerly }) => {
      const even = outcomes(modelCase, EVEN);
      test.each(FULL ? [] : isFixed ? [2] : [1])('%i replicas', (devices) => even(devices, runEagerly));
      // Replicas of different sizes, and replicas without rows.
      describe.each(isFixed || (runEagerly && !FULL) ? [] : [RAGGED, TWO_LEFT])(
        '$rows rows in batches of $batchSize',
        (options) => {
          const compare = outcomes(modelCase, options);
          test.each(FULL ? REPLICAS : [options === RAGGED ? 3 : 4])('%i replicas', (devices) =>
            compare(devices, runEagerly),
          );
        },
      );
    });
    if (!FULL) return;
    describe.each([...OPTIMIZERS])('%s', (_, optimizer) => {
      const compare = outcomes(modelCase, { ...EVEN, optimizer });
      describe.each(MODES)('$mode', ({ runEagerly }) => {
        test.each(REPLICAS)('%i replicas', (devices) => compare(devices, runEagerly));
      });
    });
  });

  describe.each(FULL ? [] : [...OPTIMIZERS])('%s', (_, optimizer) => {
    const compare = outcomes(MODEL_CASES[0] as ModelCase, { ...RAGGED, epochs: 3, optimizer });
    test.each(MODES)('$mode, 2 replicas', ({ runEagerly }) => compare(2, runEagerly));
  });
});
