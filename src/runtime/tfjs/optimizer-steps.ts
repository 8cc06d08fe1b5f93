/**
 * Counts the steps of optimizers. TensorFlow.js counts on the host, so a replayed step must be counted by hand.
 * Touches the step counts of optimizers; replaces `Optimizer.prototype.incrementIterations` for the time of a call.
 * Relies on tfjs-core 4.22, optimizers/optimizer.ts: `incrementIterations`, `iterations_`.
 */
import type { TensorFlowJs } from './load-tfjs.js';
import type { Optimizer } from '@tensorflow/tfjs';

import { membersOf, STEP_COUNT } from './optimizer-members.js';
import { overrideProperty } from './override-property.js';

/** The method by which an optimizer counts its steps. */
interface StepCounting {
  incrementIterations(this: Optimizer): void;
}

/** How many steps each optimizer took. */
export type OptimizerSteps = ReadonlyMap<Optimizer, number>;

/**
 * Runs `body`, finds the optimizers that take a step in it, and puts their step counts back.
 *
 * @param tf - The TensorFlow.js whose optimizers to watch.
 * @param body - Runs once.
 * @returns What `body` returns, and the steps that each optimizer took.
 */
export function countOptimizerSteps<Result>(
  tf: TensorFlowJs,
  body: () => Result,
): { readonly result: Result; readonly steps: OptimizerSteps } {
  const steps = new Map<Optimizer, number>();
  const before = new Map<Optimizer, unknown>();
  const prototype = tf.Optimizer.prototype as unknown as StepCounting;
  const undo = overrideProperty(prototype, 'incrementIterations', function (this: Optimizer): void {
    if (!before.has(this)) before.set(this, membersOf(this)[STEP_COUNT]);
    steps.set(this, (steps.get(this) ?? 0) + 1);
    // Not through the method that was there: an enclosing count sees only the steps that its own body decides to keep.
    addSteps(new Map([[this, 1]]));
  });
  try {
    return { result: body(), steps };
  } finally {
    undo();
    for (const [optimizer, count] of before) {
      if (count === undefined) Reflect.deleteProperty(optimizer, STEP_COUNT);
      else membersOf(optimizer)[STEP_COUNT] = count;
    }
  }
}

/**
 * Adds steps to the counts of optimizers. An enclosing {@link countOptimizerSteps} does not see them.
 *
 * @param steps - How many to add to each; may be negative.
 */
export function addSteps(steps: OptimizerSteps): void {
  for (const [optimizer, count] of steps) {
    const members = membersOf(optimizer);
    members[STEP_COUNT] = ((members[STEP_COUNT] as number | undefined) ?? 0) + count;
  }
}

/**
 * Adds steps through each optimizer's own method, so that an enclosing {@link countOptimizerSteps} sees them.
 *
 * @param steps - How many to add to each.
 */
export function repeatSteps(steps: OptimizerSteps): void {
  for (const [optimizer, count] of steps) {
    for (let step = 0; step < count; step++) (optimizer as Optimizer & StepCounting).incrementIterations();
  }
}
