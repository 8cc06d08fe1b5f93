/** Finds the constants of a recording that are an optimizer's learning rate, so that they can be fed at each call. Pure. */
import type { Handle } from '../tensorflow/op-executor.js';
import type { ChangedConstant } from './compare-recordings.js';
import type { Optimizer } from '@tensorflow/tfjs';

import { learningRateOf } from '../tfjs/optimizer-members.js';

import { sameShape } from './passes/identity-rules.js';
import { type RecordedOperation, replaceInputs } from './program.js';
import { UntraceableError } from './untraceable-error.js';

/** A value that is an optimizer's learning rate times a factor. */
export interface LearningRateFeed {
  readonly optimizer: Optimizer;
  readonly factor: number;
}

/**
 * One parameter for each different rate: TensorFlow.js makes a constant of it for each variable.
 * @param results - Values that the program returns: these stay apart.
 */
export function shareLearningRates(
  operations: readonly RecordedOperation[],
  results: ReadonlySet<Handle>,
  feeds: ReadonlyMap<Handle, LearningRateFeed>,
): { operations: readonly RecordedOperation[]; feeds: ReadonlyMap<Handle, LearningRateFeed> } {
  const shared = new Map<Handle, LearningRateFeed>();
  const same = new Map<Handle, Handle>();
  for (const [handle, feed] of feeds) {
    const known = [...shared].find(
      ([other, { optimizer, factor }]) =>
        optimizer === feed.optimizer &&
        factor === feed.factor &&
        other.dtype === handle.dtype &&
        sameShape(other, handle),
    );
    if (known === undefined || results.has(handle)) shared.set(handle, feed);
    else same.set(handle, known[0]);
  }
  return { operations: operations.map((operation) => replaceInputs(operation, same)), feeds: shared };
}

/** Constants are 32-bit floats, learning rates 64-bit: they agree to this, relatively. */
const ROUNDING = 1e-6;

/** Learning rates for a second recording: each multiplied by another prime, so that they can be told apart. */
export function otherLearningRates(optimizers: Iterable<Optimizer>): Map<Optimizer, number> {
  const primes = [2, 3, 5, 7, 11, 13, 17, 19];
  const rates = new Map<Optimizer, number>();
  for (const optimizer of optimizers) {
    const rate = learningRateOf(optimizer);
    const prime = primes[rates.size % primes.length] as number;
    if (rate !== undefined) rates.set(optimizer, rate === 0 ? 1 / prime : rate * prime);
  }
  return rates;
}

function close(one: number, other: number): boolean {
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
    // The factor meant is mostly -1 or 1.
    const factor = close(exact, Math.round(exact)) ? Math.round(exact) : exact;
    if (close(factor * (learningRateOf(optimizer) as number), before)) return { optimizer, factor };
  }
  return undefined;
}

/**
 * The learning rates among the constants that changed, by their handle in the second recording.
 * @param otherRates - The rates of the second recording.
 * @throws UntraceableError when a constant changed for another reason.
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
        'is computed anew in each step and differs between two runs of one step',
      );
    feeds.set(change.second.handle, feed);
  }
  return feeds;
}
