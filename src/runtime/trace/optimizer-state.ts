/**
 * What a tfjs optimizer keeps on the host, outside variables: its learning rate, its other numbers, its step count, and
 * tensors that hold a hyperparameter. A traced step must follow the first, depends on the second, and advances the third.
 */
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { Optimizer, Tensor, Variable } from '@tensorflow/tfjs';

import { overrideProperty } from '../tfjs/override-property.js';

/** The method by which an optimizer counts its steps. */
interface StepCounting {
  incrementIterations(this: Optimizer): void;
}

/** The members of an optimizer, all of them numbers, tensors, or something else. */
type Members = Record<string, unknown>;

const STEP_COUNT = 'iterations_';
const LEARNING_RATE = 'learningRate';

const membersOf = (optimizer: Optimizer): Members => optimizer as unknown as Members;

/** The learning rate, where the optimizer has one as a plain number. */
export function learningRateOf(optimizer: Optimizer): number | undefined {
  const rate = membersOf(optimizer)[LEARNING_RATE];
  return typeof rate === 'number' ? rate : undefined;
}

/** Runs `body` with other learning rates. */
export function withLearningRates<Result>(rates: ReadonlyMap<Optimizer, number>, body: () => Result): Result {
  const undo = [...rates].map(([optimizer, rate]) => overrideProperty(membersOf(optimizer), LEARNING_RATE, rate));
  try {
    return body();
  } finally {
    for (const restore of undo) restore();
  }
}

/** Which variables a list of an optimizer's is made of: `setWeights` replaces all of them at once. */
function slotsOf(value: unknown): number | undefined {
  if (!Array.isArray(value)) return undefined;
  const [first] = Object.values(value) as readonly { readonly variable?: Variable }[];
  return first?.variable?.id;
}

/** What a recording freezes of a member: a hyperparameter, or which variables hold the optimizer's state. */
function frozenOf([name, value]: [string, unknown]): string[] {
  if (name === LEARNING_RATE || name === STEP_COUNT) return [];
  const frozen = typeof value === 'number' || typeof value === 'boolean' ? value : slotsOf(value);
  return frozen === undefined ? [] : [`${name}=${String(frozen)}`];
}

/** A string that changes when something changes that a recording freezes. */
export function hyperparameterKey(optimizers: Iterable<Optimizer>): string {
  return [...optimizers]
    .map(
      (optimizer) => `${optimizer.getClassName()}(${Object.entries(membersOf(optimizer)).flatMap(frozenOf).join(',')})`,
    )
    .join(';');
}

/**
 * Runs `body`, finds the optimizers that take a step in it, and puts their step counts back.
 * @returns How many steps each took.
 */
export function watchOptimizers<Result>(
  tf: TensorFlowJs,
  body: () => Result,
): { result: Result; steps: ReadonlyMap<Optimizer, number> } {
  const steps = new Map<Optimizer, number>();
  const before = new Map<Optimizer, unknown>();
  const prototype = tf.Optimizer.prototype as unknown as StepCounting;
  const undo = overrideProperty(prototype, 'incrementIterations', function (this: Optimizer): void {
    if (!before.has(this)) before.set(this, membersOf(this)[STEP_COUNT]);
    steps.set(this, (steps.get(this) ?? 0) + 1);
    // Not through what was there: whoever watches around this one sees what the caller makes of the steps.
    advance(new Map([[this, 1]]));
  });
  try {
    return { result: body(), steps };
  } finally {
    undo();
    for (const [optimizer, count] of before) {
      if (count === undefined) delete membersOf(optimizer)[STEP_COUNT];
      else membersOf(optimizer)[STEP_COUNT] = count;
    }
  }
}

/** Counts the steps that a call of a traced step took. */
export function advance(steps: ReadonlyMap<Optimizer, number>): void {
  for (const [optimizer, count] of steps) {
    const members = membersOf(optimizer);
    members[STEP_COUNT] = ((members[STEP_COUNT] as number | undefined) ?? 0) + count;
  }
}

/** As {@link advance}, seen by whoever watches. */
export function advanceWatched(steps: ReadonlyMap<Optimizer, number>): void {
  for (const [optimizer, count] of steps) {
    for (let step = 0; step < count; step++) (optimizer as Optimizer & StepCounting).incrementIterations();
  }
}

/** Tensors (not variables) that an optimizer holds in members of its own: it may replace them between steps. */
export function heldTensors(optimizer: Optimizer): Map<string, Tensor> {
  const held = new Map<string, Tensor>();
  for (const [name, value] of Object.entries(membersOf(optimizer))) {
    const isTensor = value !== null && typeof value === 'object' && 'dataId' in value && !('trainable' in value);
    if (isTensor) held.set(name, value as Tensor);
  }
  return held;
}
