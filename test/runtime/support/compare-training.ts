/** Trains a model plainly and its twin in a strategy's scope, and measures how far apart they end. */
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';

import { type Strategy } from '../../../src/runtime/index.js';
import { type ModelCase } from './model-cases.js';

export const EQUAL = 4e-5;

/** Gives every model the same small weights, by their shapes. */
export function setFixedWeights(model: tf.LayersModel): void {
  tf.tidy(() => {
    const weights = model.weights.map((weight, index) =>
      weight.name.includes('variance') ? tf.ones(weight.shape as number[]) : tf.randomNormal(weight.shape as number[], 0, 0.3, 'float32', 100 + index),
    );
    model.setWeights(weights);
  });
}

/** The largest absolute difference. */
export function distance(one: tf.Tensor, other: tf.Tensor): number {
  expect(one.shape).toEqual(other.shape);
  return tf.tidy(() => one.sub(other).abs().max().dataSync()[0] as number);
}

/** Checks every weight of two models. */
export function expectSameWeights(expected: tf.LayersModel, actual: tf.LayersModel, within = EQUAL): void {
  const weights = actual.getWeights();
  expected.getWeights().forEach((weight, index) => {
    const name = expected.weights[index]?.name;
    expect(distance(weight, weights[index] as tf.Tensor), `weight ${name}`).toBeLessThan(within);
  });
}

/** Checks two lists of numbers. */
export function expectSameNumbers(expected: readonly unknown[], actual: readonly unknown[] | undefined, what: string, within = EQUAL): void {
  expect(actual, what).toHaveLength(expected.length);
  expected.forEach((value, index) => {
    expect(Number.isFinite(value), `${what} is a number`).toBe(true);
    expect(Math.abs((value as number) - (actual?.[index] as number)), `${what} ${index}`).toBeLessThan(within);
  });
}

/** Checks every series of two histories. */
export function expectSameHistory(expected: tf.History, actual: tf.History, within = EQUAL): void {
  const series = (history: tf.History): string[] => Object.keys(history.history).map(stripNumbers);
  expect(series(actual)).toEqual(series(expected));
  const actualSeries = Object.values(actual.history);
  Object.entries(expected.history).forEach(([name, values], index) =>
    expectSameNumbers(values, actualSeries[index], name, within),
  );
}

/** Layer names count up over a process: `dense_Dense3_loss` and `dense_Dense5_loss` are the same series. */
function stripNumbers(name: string): string {
  return name.replaceAll(/\d+/g, '');
}

/** A plain model and its twin in the scope of `strategy`, with the same weights. */
export function twins(modelCase: ModelCase, strategy: Strategy, optimizer?: () => string | tf.Optimizer): { plain: tf.LayersModel; scoped: tf.LayersModel } {
  const plain = modelCase.build(optimizer?.());
  const scoped = strategy.scope(() => modelCase.build(optimizer?.()));
  setFixedWeights(plain);
  setFixedWeights(scoped);
  return { plain, scoped };
}

/** Trains both for some epochs and compares history, weights, evaluation and predictions. */
export async function expectSameTraining(
  modelCase: ModelCase,
  strategy: Strategy,
  { rows, batchSize, epochs = 2, optimizer }: { rows: number; batchSize: number; epochs?: number; optimizer?: () => string | tf.Optimizer },
): Promise<void> {
  const { plain, scoped } = twins(modelCase, strategy, optimizer);
  const { x, y } = modelCase.data(rows);
  const options = { batchSize, epochs, shuffle: false, verbose: 0 } as const;
  expectSameHistory(await plain.fit(x, y, options), await scoped.fit(x, y, options));
  expectSameWeights(plain, scoped);
  const scalars = (result: tf.Scalar | tf.Scalar[]): number[] => [result].flat().map((value) => value.dataSync()[0] as number);
  expectSameNumbers(scalars(plain.evaluate(x, y, { batchSize })), scalars(scoped.evaluate(x, y, { batchSize })), 'evaluation');
  const expected = [plain.predict(x, { batchSize })].flat();
  const actual = [scoped.predict(x, { batchSize })].flat();
  expect(actual).toHaveLength(expected.length);
  expected.forEach((output, index) => expect(distance(output, actual[index] as tf.Tensor), 'prediction').toBeLessThan(EQUAL));
}
