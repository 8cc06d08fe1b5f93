/**
 * Replicas give the results of Python's tf.keras under tf.distribute.MirroredStrategy with as many replicas. The script
 * scripts/goldens/generate_strategy_goldens.py writes the expected results.
 */
import type * as tf from '@tensorflow/tfjs';

import { describe, expect, test } from 'vitest';

import { MirroredStrategy } from '../../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';
import { EQUAL } from '../../support/compare-training.js';
import { SILENT } from '../../support/silent.js';
import {
  type Golden,
  GOLDEN_MODELS,
  GOLDEN_OPTIMIZERS,
  type GoldenRun,
  readGoldens,
  unpackTensors,
  unpackValues,
} from '../../support/strategy-goldens.js';

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

/** Trains a model as Python did. */
async function train(
  golden: Golden,
  { optimizer, replicas, rows }: GoldenRun,
  runEagerly: boolean,
): Promise<{ losses: number[]; weights: number[] }> {
  const goldenModel = GOLDEN_MODELS.get(golden.model) as NonNullable<ReturnType<typeof GOLDEN_MODELS.get>>;
  const model = new MirroredStrategy({ devices: replicas, engine: 'tensorflow', runEagerly }).scope(() => {
    const built = goldenModel.build();
    built.model.compile({
      optimizer: (GOLDEN_OPTIMIZERS.get(optimizer) as () => tf.Optimizer)(),
      loss: built.loss as string,
    });
    return built.model;
  });
  const initial = unpackTensors(golden.initialWeights);
  for (const layer of model.layers) layer.setWeights(initial.splice(0, layer.weights.length));
  const { batchSize, epochs } = golden;
  const [x, y] = [
    unpackTensors(golden.x, { rows, ...(goldenModel.inputType && { dtype: goldenModel.inputType }) }),
    unpackTensors(golden.y, { rows }),
  ];
  const one = (tensors: tf.Tensor[]): tf.Tensor | tf.Tensor[] =>
    tensors.length === 1 ? (tensors[0] as tf.Tensor) : tensors;
  const { history } = await model.fit(one(x), one(y), { batchSize, epochs, shuffle: false, verbose: SILENT });
  return {
    losses: history['loss'] as number[],
    weights: model.layers.flatMap((layer) => layer.getWeights().flatMap((weight) => [...weight.dataSync()])),
  };
}

/** Finds the largest difference; NaN if any value is NaN. */
function distance(actual: readonly number[], expected: ArrayLike<number>): number {
  expect(actual).toHaveLength(expected.length);
  const differences = actual.map((value, place) => Math.abs(value - (expected[place] as number)));
  return differences.some(Number.isNaN) ? NaN : Math.max(...differences);
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
        const { losses, weights } = await train(golden, run, runEagerly);
        expect(distance(losses, run.losses), 'losses').toBeLessThan(within);
        expect(distance(weights, unpackValues(run.weights)), 'weights').toBeLessThan(within);
      },
    );
  });
});
