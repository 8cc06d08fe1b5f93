/** Trains a plain model and its twin in a strategy's scope, and compares the results. */
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';

import { type Strategy } from '../../../src/runtime/index.js';

import { type ModelCase } from './model-cases.js';
import { trainPerReplica } from './train-per-replica.js';
import { type Outcome, setFixedWeights, stripNumbers, trainCase, type TrainingOptions } from './training-outcome.js';

export const EQUAL = 4e-5;

/** Finds the largest absolute difference. */
export function distance(one: tf.Tensor, other: tf.Tensor): number {
  expect(one.shape).toEqual(other.shape);
  return tf.tidy(() => one.sub(other).abs().max().dataSync()[0] as number);
}

/** Compares every weight of two models. */
export function expectSameWeights(expected: tf.LayersModel, actual: tf.LayersModel, within = EQUAL): void {
  const weights = actual.getWeights();
  expected.getWeights().forEach((weight, index) => {
    const name = expected.weights[index]?.name;
    expect(distance(weight, weights[index] as tf.Tensor), `weight ${name}`).toBeLessThan(within);
  });
}

/** Compares two lists of losses and metrics: by the absolute difference up to 1, and by the relative one above. */
export function expectSameNumbers(
  expected: readonly unknown[],
  actual: readonly unknown[] | undefined,
  what: string,
  within = EQUAL,
): void {
  expect(actual, what).toHaveLength(expected.length);
  expected.forEach((value, index) => {
    expect(Number.isFinite(value), `${what} is a number`).toBe(true);
    const scale = Math.max(1, Math.abs(value as number));
    expect(Math.abs((value as number) - (actual?.[index] as number)) / scale, `${what} ${index}`).toBeLessThan(within);
  });
}

/** Compares every series of two histories. */
export function expectSameHistory(expected: tf.History, actual: tf.History, within = EQUAL): void {
  const series = (history: tf.History): string[] => Object.keys(history.history).map(stripNumbers);
  expect(series(actual)).toEqual(series(expected));
  const actualSeries = Object.values(actual.history);
  Object.entries(expected.history).forEach(([name, values], index) => {
    expectSameNumbers(values, actualSeries[index], name, within);
  });
}

/** Makes a plain model and its twin in the scope of `strategy`, with the same weights. */
export function twins(
  modelCase: ModelCase,
  strategy: Strategy,
  optimizer?: () => string | tf.Optimizer,
): { plain: tf.LayersModel; scoped: tf.LayersModel } {
  const plain = modelCase.build(optimizer?.());
  const scoped = strategy.scope(() => modelCase.build(optimizer?.()));
  setFixedWeights(plain);
  setFixedWeights(scoped);
  return { plain, scoped };
}

/** Compares values, and rejects NaN. */
function expectSameValues(
  expected: Float32Array,
  actual: Float32Array | undefined,
  what: string,
  within: number,
): void {
  expect(actual, what).toHaveLength(expected.length);
  let largest = 0;
  expected.forEach((value, index) => {
    const difference = Math.abs(value - (actual?.[index] as number));
    if (!(difference <= largest)) largest = difference;
  });
  expect(largest, what).toBeLessThan(within);
}

/** Compares every part of two outcomes. */
export function expectSameOutcome(expected: Outcome, actual: Outcome, within = EQUAL): void {
  expect(actual.history.map(({ series }) => series)).toEqual(expected.history.map(({ series }) => series));
  expected.history.forEach(({ series, values }, index) => {
    expectSameNumbers(values, actual.history[index]?.values, series, within);
  });
  expect(actual.weights).toHaveLength(expected.weights.length);
  expected.weights.forEach(({ name, values }, index) => {
    expectSameValues(values, actual.weights[index]?.values, `weight ${name}`, within);
  });
  expectSameNumbers(expected.evaluation, actual.evaluation, 'evaluation', within);
  expect(actual.predictions).toHaveLength(expected.predictions.length);
  expected.predictions.forEach((values, index) => {
    expectSameValues(values, actual.predictions[index], `prediction ${index}`, within);
  });
}

/** Trains a case plainly and through a strategy, and compares the results. */
export async function expectSameTraining(
  modelCase: ModelCase,
  strategy: Strategy,
  options: TrainingOptions,
): Promise<void> {
  const expected =
    modelCase.statisticsPerReplica === true
      ? trainPerReplica(modelCase, options, strategy.numReplicasInSync)
      : await trainCase(modelCase, options);
  expectSameOutcome(expected, await trainCase(modelCase, options, strategy));
}
