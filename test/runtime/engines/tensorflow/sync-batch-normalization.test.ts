/**
 * SyncBatchNormalization in traced steps, and eagerly on TensorFlow's devices, equals BatchNormalization on one device.
 */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';

import { MirroredStrategy } from '../../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';
import { expectSameTraining } from '../../support/compare-training.js';
import { SYNC_BATCH_NORMALIZATION_CASES } from '../../support/sync-batch-normalization-cases.js';

/** A short timeout, so that replicas whose collectives differ fail soon. */
const communicationOptions = { timeoutSeconds: 20 };
const strategyOf = (devices: number, runEagerly = false): MirroredStrategy =>
  new MirroredStrategy({ devices, engine: 'tensorflow', runEagerly, communicationOptions });

describe.skipIf(locateTensorFlow().files === undefined)('traced', () => {
  beforeAll(() => void strategyOf(4));

  // A step that falls back to eager execution gives the same numbers, so make sure that no traced step does.
  let warn: MockInstance<typeof console.warn>;
  beforeEach(() => {
    warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  });
  afterEach(() => {
    const eager = warn.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('runs eagerly'));
    warn.mockRestore();
    expect(eager).toEqual([]);
  });

  describe.each(SYNC_BATCH_NORMALIZATION_CASES)('$name', (modelCase) => {
    test.each([1, 2, 3, 4])('%i replicas', async (devices) => {
      await expectSameTraining(modelCase, strategyOf(devices), { rows: 24, batchSize: 12 });
    });
    test('3 replicas with a ragged last batch', async () => {
      await expectSameTraining(modelCase, strategyOf(3), {
        rows: 23,
        batchSize: 8,
        optimizer: () => tf.train.adam(0.01),
      });
    });
    test('4 replicas, two of them idle in the last batch', async () => {
      await expectSameTraining(modelCase, strategyOf(4), { rows: 14, batchSize: 6 });
    });
    test('2 replicas, eagerly', async () => {
      await expectSameTraining(modelCase, strategyOf(2, true), { rows: 13, batchSize: 6 });
    });
  });
});
