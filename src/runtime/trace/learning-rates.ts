/**
 * Finds the constants of a recording that are an optimizer's learning rate, so that each call can pass the current
 * rate. Pure.
 */
import type { Handle } from '../tensorflow/op-executor.js';
import type { ChangedConstant } from './compare-recordings.js';
import type { Optimizer } from '@tensorflow/tfjs';

import { learningRateOf } from '../tfjs/optimizer-members.js';

import { type RecordedOperation, replaceInputs, sameShape } from './program.js';
import { UntraceableError } from './untraceable-error.js';

/** A parameter whose value is an optimizer's learning rate times a factor. */
export interface LearningRateFeed {
  readonly optimizer: Optimizer;
  readonly factor: number;
}

/** The parameters of a function that are learning rates. */
export type LearningRateFeeds = ReadonlyMap<Handle, LearningRateFeed>;

/**
 * Merges the parameters that are the same rate: TensorFlow.js makes a constant of it for each variable.
 *
 * @param operations - The ops that read the rates.
 * @param results - Values that the program returns: these stay separate.
 * @param feeds - The learning rates.
 * @returns The ops, and one parameter for each different rate.
 */
export function shareLearningRates(
  operations: readonly RecordedOperation[],
  results: ReadonlySet<Handle>,
  feeds: LearningRateFeeds,
): { readonly operations: readonly RecordedOperation[]; readonly feeds: LearningRateFeeds } {
  const shared = new Map<Handle, LearningRateFeed>();
  const replacements = new Map<Handle, Handle>();
  for (const [handle, feed] of feeds) {
    const known = [...shared].find(
      ([other, { optimizer, factor }]) =>
        optimizer === feed.optimizer &&
        factor === feed.factor &&
        other.dtype === handle.dtype &&
        sameShape(other, handle),
    );
    if (known === undefined || results.has(handle)) shared.set(handle, feed);
    else replacements.set(handle, known[0]);
  }
  return { operations: operations.map((operation) => replaceInputs(operation, replacements)), feeds: shared };
}

/** Constants are 32-bit floats and learning rates 64-bit ones, so they agree up to this relative difference. */
const ROUNDING = 1e-6;

const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19];

/**
 * Chooses learning rates for a second recording. Each is multiplied by another prime, so that they can be
 * distinguished.
 *
 * @param optimizers - The optimizers that take a step in the recording.
 * @returns The rates of those that have one.
 */
export function otherLearningRates(optimizers: Iterable<Optimizer>): Map<Optimizer, number> {
  const rates = new Map<Optimizer, number>();
  for (const optimizer of optimizers) {
    const rate = learningRateOf(optimizer);
    const prime = PRIMES[rates.size % PRIMES.length] ?? 2;
    if (rate !== undefined) rates.set(optimizer, rate === 0 ? 1 / prime : rate * prime);
  }
  return rates;
}

function isClose(one: number, other: number): boolean {
  return Math.abs(one - other) <= ROUNDING * Math.max(1e-30, Math.abs(one), Math.abs(other));
}

function feedOf(
  { first, second }: ChangedConstant,
  otherRates: ReadonlyMap<Optimizer, number>,
): LearningRateFeed | undefined {
  const [before, after] = [first.values[0], second.values[0]];
  if (first.values.length !== 1 || typeof before !== 'number' || typeof after !== 'number') return undefined;
  for (const [optimizer, otherRate] of otherRates) {
    const exact = after / otherRate;
    // The true factor is usually -1 or 1.
    const factor = isClose(exact, Math.round(exact)) ? Math.round(exact) : exact;
    if (isClose(factor * (learningRateOf(optimizer) ?? NaN), before)) return { optimizer, factor };
  }
  return undefined;
}

/**
 * Finds the learning rates among the constants that changed.
 *
 * @param changed - The constants that differ between two recordings.
 * @param otherRates - The learning rates of the second recording.
 * @returns The rates, by their handle in the second recording.
 * @throws {UntraceableError} when a constant changed for another reason.
 */
export function learningRateFeeds(
  changed: readonly ChangedConstant[],
  otherRates: ReadonlyMap<Optimizer, number>,
): Map<Handle, LearningRateFeed> {
  const feeds = new Map<Handle, LearningRateFeed>();
  for (const change of changed) {
    const feed = feedOf(change, otherRates);
    if (feed === undefined)
      throw new UntraceableError(
        'a host value',
        'is computed again in each step and differs between two runs of one step',
      );
    feeds.set(change.second.handle, feed);
  }
  return feeds;
}
