/**
 * Everything that an optimizer carries from one step to the next, to save it and to put it back exactly. Its own
 * `getWeights` leaves out the powers of Adam's betas, which `setWeights` then computes with other rounding. Touches the
 * optimizer's variables and members. Relies on tfjs-core 4.22, optimizers/*.ts: slot lists of
 * `{ originalName, variable }`, variables such as `accBeta1`, `iterations_`, `learningRate`, `setLearningRate`.
 */
import type { TensorFlowJs } from './load-tfjs.js';
import type { Optimizer, Tensor, Variable } from '@tensorflow/tfjs';

import { learningRateOf, membersOf, STEP_COUNT } from './optimizer-members.js';

/** The names of what an optimizer carries, beside its tensors. */
export interface OptimizerState {
  readonly className: string;
  readonly stepCount: number;
  /** Undefined where it is no plain number. */
  readonly learningRate: number | undefined;
  /** Each slot list, and the names of its slots. */
  readonly slots: readonly (readonly [member: string, originalNames: readonly string[]])[];
  /** The members that are variables. */
  readonly variables: readonly string[];
}

interface Slot {
  readonly originalName: string;
  readonly variable: Variable;
}

interface SettableRate {
  setLearningRate?(rate: number): void;
}

/**
 * Describes what an optimizer carries.
 *
 * @param optimizer - The optimizer.
 * @returns The description, and the variables: those of the slots, list by list, then the other ones.
 */
export function optimizerState(optimizer: Optimizer): {
  readonly state: OptimizerState;
  readonly tensors: readonly Variable[];
} {
  const entries = Object.entries(membersOf(optimizer));
  const slots = entries.filter((entry): entry is [string, Slot[]] => isSlotList(entry[1]));
  const variables = entries.filter((entry): entry is [string, Variable] => isVariable(entry[1]));
  return {
    state: {
      className: optimizer.getClassName(),
      stepCount: (membersOf(optimizer)[STEP_COUNT] as number | undefined) ?? 0,
      learningRate: learningRateOf(optimizer),
      slots: slots.map(([member, list]) => [member, list.map(({ originalName }) => originalName)]),
      variables: variables.map(([member]) => member),
    },
    tensors: [
      ...slots.flatMap(([, list]) => list.map(({ variable }) => variable)),
      ...variables.map(([, variable]) => variable),
    ],
  };
}

/**
 * Puts back what an optimizer carried.
 *
 * @param tf - The TensorFlow.js of the optimizer.
 * @param optimizer - An optimizer of the same class.
 * @param state - The description of {@link optimizerState}.
 * @param tensors - Its tensors. They stay the caller's.
 */
export function restoreOptimizer(
  tf: TensorFlowJs,
  optimizer: Optimizer,
  state: OptimizerState,
  tensors: readonly Tensor[],
): void {
  const members = membersOf(optimizer);
  const values = [...tensors];
  for (const [member, names] of state.slots) {
    const known = (members[member] as Slot[] | undefined) ?? [];
    members[member] = names.map((originalName, index) => {
      const value = values.shift() as Tensor;
      const slot = known[index];
      if (slot === undefined) return { originalName, variable: tf.variable(value, false) };
      slot.variable.assign(value);
      return slot;
    });
  }
  for (const member of state.variables) {
    const value = values.shift() as Tensor;
    if (isVariable(members[member])) members[member].assign(value);
    else members[member] = tf.variable(value, false);
  }
  members[STEP_COUNT] = state.stepCount;
  const { learningRate } = state;
  if (learningRate === undefined || learningRate === learningRateOf(optimizer)) return;
  // SGD and its relatives also hold the rate as a tensor.
  const settable = optimizer as unknown as SettableRate;
  if (settable.setLearningRate === undefined) members['learningRate'] = learningRate;
  else settable.setLearningRate(learningRate);
}

function isVariable(value: unknown): value is Variable {
  return value !== null && typeof value === 'object' && 'dataId' in value && 'trainable' in value;
}

function isSlotList(value: unknown): value is Slot[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((slot: unknown) => isVariable((slot as Partial<Slot> | null | undefined)?.variable))
  );
}
