/**
 * Replicas give the results of Python's tf.keras under tf.distribute.MirroredStrategy with as many replicas. The script
 * scripts/goldens/generate_strategy_goldens.py writes the expected results.
 */
import { describe, expect, test } from 'vitest';

import { MirroredStrategy } from '../../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';
import { EQUAL } from '../../support/compare-training.js';
import {
  type Golden,
  GOLDEN_MODELS,
  GOLDEN_OPTIMIZERS,
  type GoldenRun,
  readGoldens,
  unpackValues,
} from '../../support/strategy-goldens.js';
import { largestDifference, trainGolden } from '../../support/train-golden.js';

/**
 * `npm run test:equality` compares every run, traced and eager; a normal test run covers those in which replicas differ
 * most.
 */
const FULL = process.env['MIRRORSCOPE_FULL_EQUALITY'] === '1';
/**
 * Keras gives the mean gradient of each replica the same weight; our strategies weight it by the replica's rows. In a
 * last batch of 11 examples, the results differ by a twentieth of the distance between the replicas' gradients.
 */
const RAGGED = 1e-3;

const goldens = readGoldens();

function isShort({ model, batchSize }: Golden, { optimizer, replicas, rows }: GoldenRun): boolean {
  if (rows % batchSize !== 0) return replicas === 3;
  return replicas === 2 && (model === 'dense' || optimizer === 'adam');
}

test('every model has a golden, and every golden has every optimizer', () => {
  expect(goldens.map(({ model }) => model).sort()).toEqual([...GOLDEN_MODELS.keys()].sort());
  for (const { runs, batchSize } of goldens) {
    const of = (replicas: number): string[] =>
      runs.filter((run) => run.replicas === replicas && run.rows % batchSize === 0).map(({ optimizer }) => optimizer);
    for (const replicas of [1, 2, 3, 4]) expect(of(replicas)).toEqual([...GOLDEN_OPTIMIZERS.keys()]);
  }
});

describe.skipIf(locateTensorFlow().files === undefined)('goldens of tf.distribute.MirroredStrategy', () => {
  // Make the largest strategy first: TensorFlow's logical devices are fixed when it starts.
  if (locateTensorFlow().files !== undefined) new MirroredStrategy({ devices: 4, engine: 'tensorflow' });

  describe.each(goldens)('$model', (golden) => {
    const runs = golden.runs
      .filter((run) => FULL || isShort(golden, run))
      .flatMap((run) => [{ ...run, runEagerly: false }, ...(FULL ? [{ ...run, runEagerly: true }] : [])]);
    test.each(runs)(
      '$optimizer, $replicas replicas, $rows rows, eager: $runEagerly',
      async ({ runEagerly, ...run }) => {
        const within = run.rows % golden.batchSize === 0 ? EQUAL : RAGGED;
        const { losses, weights } = await trainGolden(golden, run, { engine: 'tensorflow', runEagerly });
        expect(largestDifference(losses, run.losses), 'losses').toBeLessThan(within);
        expect(largestDifference(weights, unpackValues(run.weights)), 'weights').toBeLessThan(within);
      },
    );
  });
});
