/** Trains a model as the script that wrote the goldens did, and compares the results. */
import type * as tf from '@tensorflow/tfjs';

import { expect } from 'vitest';

import { MirroredStrategy, type MirroredStrategyOptions } from '../../../src/runtime/index.js';

import { SILENT } from './silent.js';
import { type Golden, GOLDEN_MODELS, GOLDEN_OPTIMIZERS, type GoldenRun, unpackTensors } from './strategy-goldens.js';

/** Trains a model as Python did. */
export async function trainGolden(
  golden: Golden,
  { optimizer, replicas, rows }: GoldenRun,
  options: Pick<MirroredStrategyOptions, 'engine' | 'runEagerly'>,
): Promise<{ losses: number[]; weights: number[] }> {
  const goldenModel = GOLDEN_MODELS.get(golden.model) as NonNullable<ReturnType<typeof GOLDEN_MODELS.get>>;
  const model = new MirroredStrategy({ ...options, devices: replicas }).scope(() => {
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
export function largestDifference(actual: readonly number[], expected: ArrayLike<number>): number {
  expect(actual).toHaveLength(expected.length);
  const differences = actual.map((value, place) => Math.abs(value - (expected[place] as number)));
  return differences.some(Number.isNaN) ? NaN : Math.max(...differences);
}
