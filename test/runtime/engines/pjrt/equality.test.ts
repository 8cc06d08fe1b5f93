/**
 * Replicas on XLA give the results of plain TensorFlow.js on its own CPU backend with the same global batch: every kind
 * of model, every optimizer, 1, 2 and 4 replicas. No step may run on TensorFlow, unless its reason is in a list.
 */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';

import { BACKEND_NAME, MirroredStrategy } from '../../../../src/runtime/index.js';
import { PjrtExecutable } from '../../../../src/runtime/pjrt/pjrt-executable.js';
import { describeWithPjrt } from '../../pjrt/describe-with-pjrt.js';
import { expectSameOutcome } from '../../support/compare-training.js';
import { MODEL_CASES, type ModelCase } from '../../support/model-cases.js';
import { OPTIMIZERS } from '../../support/optimizers.js';
import { trainPerReplica } from '../../support/train-per-replica.js';
import { type Outcome, trainCase, type TrainingOptions } from '../../support/training-outcome.js';

/** `npm run test:equality` runs every combination; a normal test run covers those in which replicas differ most. */
const FULL = process.env['MIRRORSCOPE_FULL_EQUALITY'] === '1';
const REPLICAS = [1, 2, 4];
/** Rows and batch size: equal parts for all replicas, a ragged last batch, a last batch of 2 examples. */
const EVEN = { rows: 24, batchSize: 12 };
const RAGGED = { rows: 23, batchSize: 8 };
const TWO_LEFT = { rows: 14, batchSize: 6 };

/** Reasons why a step may run on TensorFlow. */
const EXPECTED_REASONS: readonly RegExp[] = [];

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
function outcomes(modelCase: ModelCase, options: TrainingOptions): (devices: number) => Promise<void> {
  const plain = new Map<number, Promise<Outcome>>();
  return async (devices) => {
    const key = modelCase.statisticsPerReplica === true ? devices : 1;
    const expected = plain.get(key) ?? plainOutcome(modelCase, options, devices);
    plain.set(key, expected);
    const before = await expected;
    expectSameOutcome(before, await trainCase(modelCase, options, new MirroredStrategy({ devices, engine: 'pjrt' })));
  };
}

describeWithPjrt('replicas on XLA', () => {
  beforeAll(() => {
    // The largest strategy first: TensorFlow's logical devices are fixed when it starts.
    new MirroredStrategy({ devices: 4, engine: 'pjrt' });
  });

  // A step that runs elsewhere gives the same numbers, so make sure that no step does.
  let warn: MockInstance<typeof console.warn>;
  let launch: MockInstance<PjrtExecutable['launch']>;
  beforeEach(() => {
    warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    launch = vi.spyOn(PjrtExecutable.prototype, 'launch');
  });
  afterEach(() => {
    const elsewhere = warn.mock.calls
      .map(([text]) => String(text))
      .filter((text) => text.includes('runs eagerly') || text.includes('runs on TensorFlow'))
      .filter((text) => !EXPECTED_REASONS.some((reason) => reason.test(text)));
    const launches = launch.mock.calls.length;
    warn.mockRestore();
    launch.mockRestore();
    expect(elsewhere).toEqual([]);
    expect(launches).toBeGreaterThan(0);
  });

  describe.each(MODEL_CASES)('$name', (modelCase) => {
    const isFixed = modelCase.fixedBatch !== undefined;
    const even = outcomes(modelCase, EVEN);
    test.each(FULL ? REPLICAS : isFixed ? [2] : [1])('%i replicas', (devices) => even(devices));
    // Replicas of different sizes, and replicas without rows.
    describe.each(isFixed ? [] : [RAGGED, TWO_LEFT])('$rows rows in batches of $batchSize', (options) => {
      const compare = outcomes(modelCase, options);
      test.each(FULL ? REPLICAS : [options === RAGGED ? 2 : 4])('%i replicas', (devices) => compare(devices));
    });
  });

  describe.each([...OPTIMIZERS])('%s', (_, optimizer) => {
    const compare = outcomes(MODEL_CASES[0] as ModelCase, { ...RAGGED, epochs: 3, optimizer });
    test('2 replicas', () => compare(2));
  });
});
