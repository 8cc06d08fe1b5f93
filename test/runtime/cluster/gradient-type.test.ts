/** Models whose gradients travel in 16 bits between processes train almost like one device, and alike everywhere. */
import type { EqualityRun } from './programs/equality.js';

import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { MODEL_CASES, type ModelCase } from '../support/model-cases.js';
import { type Outcome, trainCase } from '../support/training-outcome.js';
import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

import { runWorkers, startWorkers } from './support/start-workers.js';

const FULL = process.env['MIRRORSCOPE_FULL_CLUSTER'] === '1';
/** The last batch of 2 examples leaves processes without rows. */
const RUNS: readonly Omit<EqualityRun, 'optimizer'>[] = [
  { modelCase: 'dense', rows: 24, batchSize: 12 },
  { modelCase: 'dense', rows: 14, batchSize: 6 },
];
/** How far the weights may be from those of one device after these few steps. */
const WITHIN = { float16: 5e-4, bfloat16: 4e-3 };

describeWithTensorFlow('gradients in 16 bits between processes', () => {
  describe.each(FULL ? [2, 3, 4] : [2, 3])('%i processes', (workers) => {
    const types = FULL || workers === 3 ? (['float16', 'bfloat16'] as const) : (['bfloat16'] as const);
    test.each(types)('train with %s', { timeout: 120_000 }, async (gradientType) => {
      const results = (await runWorkers({
        program: 'equality',
        workers,
        timeoutMs: 110_000,
        environment: () => ({ RUNS: JSON.stringify(RUNS), GRADIENT_TYPE: gradientType }),
      })) as Outcome[][];
      const [chief = [], ...others] = results;
      for (const other of others)
        expect(other.map(({ weights }) => weights)).toEqual(chief.map(({ weights }) => weights));
      await tf.setBackend('cpu');
      for (const [index, { modelCase, ...options }] of RUNS.entries()) {
        const found = MODEL_CASES.find(({ name }) => name === modelCase) as ModelCase;
        const { weights } = await trainCase(found, options);
        const distances = weights.map(({ values }, weight) => {
          const own = chief[index]?.weights[weight]?.values ?? [];
          return Math.max(...Array.from(values, (value, place) => Math.abs(value - (own[place] ?? NaN))));
        });
        expect(Math.max(...distances)).toBeLessThan(WITHIN[gradientType]);
        // More than in 32 bits: the gradients did travel in this type.
        expect(Math.max(...distances)).toBeGreaterThan(WITHIN[gradientType] / 2000);
      }
    });
  });

  test('of different types are an error in every process', { timeout: 120_000 }, async () => {
    const workers = await startWorkers({
      program: 'equality',
      workers: 2,
      environment: (worker) => ({
        RUNS: JSON.stringify(RUNS),
        GRADIENT_TYPE: worker === 0 ? 'float32' : 'float16',
      }),
    });
    try {
      await Promise.all(workers.all.map(({ ended }) => ended));
      for (const { output } of workers.all) {
        expect(output()).toContain('WORKERS_DIFFER');
        expect(output()).toMatch(/the option gradientType differs: worker 0 .* has float32; worker 1 .* has float16/);
      }
    } finally {
      await workers.stop();
    }
  });
});
