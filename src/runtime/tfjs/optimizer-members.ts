/**
 * The members in which a TensorFlow.js optimizer keeps state on the host, outside variables: its learning rate, its
 * other hyperparameters, and tensors that hold one. Reads optimizers; replaces learning rates for the time of a call.
 * Relies on tfjs-core 4.22, optimizers/*.ts: `learningRate`, `iterations_`, slot lists of `{ variable }`.
 */
import type { Optimizer, Tensor, Variable } from '@tensorflow/tfjs';

import { overrideProperty } from './override-property.js';

/** The members of an optimizer by name: numbers, tensors, lists of slots, and others. */
type Members = Record<string, unknown>;

const LEARNING_RATE = 'learningRate';

/** The member that counts the optimizer's steps. */
export const STEP_COUNT = 'iterations_';

/**
 * Opens an optimizer's private members.
 *
 * @param optimizer - The optimizer itself: what is written changes it.
 * @returns The optimizer, typed as a record of its members.
 */
export function membersOf(optimizer: Optimizer): Members {
  return optimizer as unknown as Members;
}

/**
 * Reads the learning rate.
 *
 * @param optimizer - Any optimizer, of TensorFlow.js or of the user.
 * @returns The rate; undefined where the optimizer does not hold it as a plain number.
 */
export function learningRateOf(optimizer: Optimizer): number | undefined {
  const rate = membersOf(optimizer)[LEARNING_RATE];
  return typeof rate === 'number' ? rate : undefined;
}

/**
 * Runs `body` while optimizers have other learning rates.
 *
 * @param rates - The rate of each optimizer to change.
 * @param body - Runs once. The old rates return when it ends or throws.
 * @returns What `body` returns.
 */
export function withLearningRates<Result>(rates: ReadonlyMap<Optimizer, number>, body: () => Result): Result {
  const undo = [...rates].map(([optimizer, rate]) => overrideProperty(membersOf(optimizer), LEARNING_RATE, rate));
  try {
    return body();
  } finally {
    for (const restore of undo) restore();
  }
}

/** The first variable of a list of slots stands for the list: `setWeights` replaces all of them at once. */
function slotListId(value: unknown): number | undefined {
  if (!Array.isArray(value)) return undefined;
  const [first] = Object.values(value) as readonly { readonly variable?: Variable }[];
  return first?.variable?.id;
}

/** The part of the key that one member adds. A recording does not freeze the learning rate or the step count. */
function memberKey([name, value]: [string, unknown]): string[] {
  if (name === LEARNING_RATE || name === STEP_COUNT) return [];
  const frozen = typeof value === 'number' || typeof value === 'boolean' ? value : slotListId(value);
  return frozen === undefined ? [] : [`${name}=${String(frozen)}`];
}

/**
 * Names the state of optimizers that a recording freezes.
 *
 * @param optimizers - Those that take a step in the recording.
 * @returns A string that changes with any hyperparameter or when other variables hold the slots.
 */
export function hyperparameterKey(optimizers: Iterable<Optimizer>): string {
  return [...optimizers]
    .map(
      (optimizer) =>
        `${optimizer.getClassName()}(${Object.entries(membersOf(optimizer)).flatMap(memberKey).join(',')})`,
    )
    .join(';');
}

/**
 * Describes optimizers by what they have in common in all processes that run the same program.
 *
 * @param optimizers - The optimizers.
 * @returns Their classes and settings as text, without the learning rates.
 */
export function optimizerSettings(optimizers: Iterable<Optimizer>): string {
  return [...optimizers]
    .map((optimizer) => {
      const numbers = Object.entries(membersOf(optimizer)).filter(
        ([name, value]) =>
          name !== LEARNING_RATE && name !== STEP_COUNT && ['number', 'boolean'].includes(typeof value),
      );
      return `${optimizer.getClassName()}(${numbers.map(([name, value]) => `${name}=${String(value)}`).join(', ')})`;
    })
    .join('; ');
}

/**
 * Finds the tensors (not variables) that an optimizer holds as members. It may replace them between steps.
 *
 * @param optimizer - Any optimizer.
 * @returns The tensors by the name of their member.
 */
export function heldTensors(optimizer: Optimizer): Map<string, Tensor> {
  const held = new Map<string, Tensor>();
  for (const [name, value] of Object.entries(membersOf(optimizer))) {
    const isTensor = value !== null && typeof value === 'object' && 'dataId' in value && !('trainable' in value);
    if (isTensor) held.set(name, value as Tensor);
  }
  return held;
}
