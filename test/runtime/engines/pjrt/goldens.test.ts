/** Replicas on XLA give the results of Python's tf.keras under tf.distribute.MirroredStrategy with as many replicas. */
import { describe, expect, test } from 'vitest';

import { MirroredStrategy } from '../../../../src/runtime/index.js';
import { describeWithPjrt, PJRT_PLUGIN } from '../../pjrt/describe-with-pjrt.js';
import { EQUAL } from '../../support/compare-training.js';
import { type Golden, type GoldenRun, readGoldens, unpackValues } from '../../support/strategy-goldens.js';
import { largestDifference, trainGolden } from '../../support/train-golden.js';

/** `npm run test:equality` compares every run; a normal test run covers those in which replicas differ most. */
const FULL = process.env['MIRRORSCOPE_FULL_EQUALITY'] === '1';
/** Keras weights replicas of different sizes equally; see the goldens of TensorFlow. */
const RAGGED = 1e-3;

function isShort({ model, batchSize }: Golden, { optimizer, replicas, rows }: GoldenRun): boolean {
  if (rows % batchSize !== 0) return replicas === 3;
  return replicas === 2 && (model === 'dense' || optimizer === 'adam');
}

describeWithPjrt('goldens of tf.distribute.MirroredStrategy, on XLA', () => {
  // Make the largest strategy first: TensorFlow's logical devices are fixed when it starts.
  if (PJRT_PLUGIN !== undefined) new MirroredStrategy({ devices: 4, engine: 'pjrt' });

  describe.each(readGoldens())('$model', (golden) => {
    test.each(golden.runs.filter((run) => FULL || isShort(golden, run)))(
      '$optimizer, $replicas replicas, $rows rows',
      async (run) => {
        const within = run.rows % golden.batchSize === 0 ? EQUAL : RAGGED;
        const { losses, weights } = await trainGolden(golden, run, { engine: 'pjrt' });
        expect(largestDifference(losses, run.losses), 'losses').toBeLessThan(within);
        expect(largestDifference(weights, unpackValues(run.weights)), 'weights').toBeLessThan(within);
      },
    );
  });
});
