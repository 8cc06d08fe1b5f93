/**
 * Replicas in several processes give the results of plain TensorFlow.js with the same global batch. Real processes talk
 * over the loopback interface.
 */
import type { EqualityRun } from './programs/equality.js';

import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { expectSameOutcome } from '../support/compare-training.js';
import { MODEL_CASES, type ModelCase } from '../support/model-cases.js';
import { OPTIMIZERS } from '../support/optimizers.js';
import { trainPerReplica } from '../support/train-per-replica.js';
import { type Outcome, trainCase, type TrainingOptions } from '../support/training-outcome.js';
import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

import { runWorkers } from './support/start-workers.js';

/** `npm run test:cluster` runs every combination. */
const FULL = process.env['MIRRORSCOPE_FULL_CLUSTER'] === '1';

/** Equal parts, a ragged last batch, and a last batch of 2 examples, which leaves processes without rows. */
const BATCHES = [
  { rows: 24, batchSize: 12 },
  { rows: 23, batchSize: 8 },
  { rows: 14, batchSize: 6 },
];
const SHORT_CASES = ['dense', 'batch normalization', 'synchronized batch normalization', 'stateful lstm'];

const CLUSTERS = FULL
  ? [2, 3].flatMap((workers) => [1, 2].map((devices) => ({ workers, devices })))
  : [
      { workers: 2, devices: 1 },
      { workers: 3, devices: 2 },
    ];

function runsOf(modelCase: ModelCase): EqualityRun[] {
  const { name, fixedBatch } = modelCase;
  if (fixedBatch !== undefined) return [{ modelCase: name, rows: 24, batchSize: 12 }];
  return BATCHES.map((batch) => ({ modelCase: name, ...batch }));
}

const CASES = MODEL_CASES.filter(({ name }) => FULL || SHORT_CASES.includes(name));
const RUNS: readonly EqualityRun[] = [
  ...CASES.flatMap(runsOf),
  ...(FULL ? [...OPTIMIZERS].map(([optimizer]) => ({ modelCase: 'dense', rows: 23, batchSize: 8, optimizer })) : []),
];

async function expectedOutcome(run: EqualityRun, replicas: number): Promise<Outcome> {
  await tf.setBackend('cpu');
  const modelCase = MODEL_CASES.find(({ name }) => name === run.modelCase) as ModelCase;
  const optimizer = [...OPTIMIZERS].find(([name]) => name === run.optimizer)?.[1];
  const options: TrainingOptions = { rows: run.rows, batchSize: run.batchSize, ...(optimizer && { optimizer }) };
  return modelCase.statisticsPerReplica === true
    ? trainPerReplica(modelCase, options, replicas)
    : await trainCase(modelCase, options);
}

describeWithTensorFlow('replicas in several processes', () => {
  describe.each(CLUSTERS)('$workers processes with $devices devices each', ({ workers, devices }) => {
    test('train, evaluate and predict like one device', { timeout: FULL ? 1_200_000 : 180_000 }, async () => {
      const results = await runWorkers({
        program: 'equality',
        workers,
        timeoutMs: FULL ? 1_100_000 : 170_000,
        environment: () => ({ DEVICES: String(devices), RUNS: JSON.stringify(RUNS) }),
      });
      for (const [worker, outcomes] of (results as Outcome[][]).entries()) {
        expect(outcomes).toHaveLength(RUNS.length);
        for (const [index, run] of RUNS.entries()) {
          const expected = await expectedOutcome(run, workers * devices);
          try {
            expectSameOutcome(expected, outcomes[index] as Outcome);
          } catch (error) {
            throw new Error(`worker ${String(worker)}, ${JSON.stringify(run)}`, { cause: error });
          }
        }
      }
    });
  });

  test('train like one device, operation by operation', { timeout: 120_000 }, async () => {
    const run: EqualityRun = { modelCase: 'dense', rows: 23, batchSize: 8 };
    const results = await runWorkers({
      program: 'equality',
      workers: 2,
      timeoutMs: 110_000,
      environment: () => ({ EAGER: '1', RUNS: JSON.stringify([run]) }),
    });
    const expected = await expectedOutcome(run, 2);
    for (const [outcome] of results as Outcome[][]) expectSameOutcome(expected, outcome as Outcome);
  });
});
