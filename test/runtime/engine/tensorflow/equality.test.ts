/** Traced replicas on TensorFlow's devices give what plain TensorFlow.js gives with the same global batch. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';

import { MirroredStrategy } from '../../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';
import { expectSameTraining } from '../../support/compare-training.js';
import { MODEL_CASES, type ModelCase } from '../../support/model-cases.js';

/** `npm run test:equality` runs every combination; without it, those in which replicas differ most. */
const FULL = process.env['MIRRORSCOPE_FULL_EQUALITY'] === '1';
const REPLICAS = FULL ? [1, 2, 3, 4] : [2];
const dense = MODEL_CASES[0] as ModelCase;
const strategyOf = (devices: number): MirroredStrategy => new MirroredStrategy({ devices, engine: 'tensorflow' });

describe.skipIf(locateTensorFlow().files === undefined)('traced', () => {
  beforeAll(() => {
    // The largest strategy first: logical devices are fixed when TensorFlow starts.
    strategyOf(4);
  });

  // A step that falls back to eager execution gives the same numbers: without this the suite would prove nothing.
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
    test.each(FULL || modelCase.fixedBatch !== undefined ? REPLICAS : [1])('%i replicas', async (devices) => {
      await expectSameTraining(modelCase, strategyOf(devices), { rows: 24, batchSize: 12 });
    });
    if (modelCase.fixedBatch !== undefined) return;
    test('3 replicas with a ragged last batch', async () => {
      await expectSameTraining(modelCase, strategyOf(3), { rows: 23, batchSize: 8 });
    });
    test('4 replicas with a last batch of 2 examples', async () => {
      await expectSameTraining(modelCase, strategyOf(4), { rows: 14, batchSize: 6 });
    });
  });

  const OPTIMIZERS = new Map<string, () => tf.Optimizer>([
    ['sgd', () => tf.train.sgd(0.1)],
    ['momentum', () => tf.train.momentum(0.05, 0.9)],
    ['nesterov momentum', () => tf.train.momentum(0.05, 0.9, true)],
    ['adagrad', () => tf.train.adagrad(0.1)],
    ['adadelta', () => tf.train.adadelta(0.5)],
    ['adam', () => tf.train.adam(0.01)],
    ['adamax', () => tf.train.adamax(0.01)],
    ['rmsprop', () => tf.train.rmsprop(0.01)],
    ['centered rmsprop', () => tf.train.rmsprop(0.001, 0.5, 0.5, 1e-12, true)],
  ]);

  describe.each([...OPTIMIZERS.keys()])('%s', (name) => {
    test.each(REPLICAS)('%i replicas', async (devices) => {
      await expectSameTraining(dense, strategyOf(devices), { rows: 23, batchSize: 8, epochs: 3, optimizer: OPTIMIZERS.get(name) as () => tf.Optimizer });
    });
  });
});
