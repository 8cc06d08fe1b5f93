/**
 * Compares two recordings of the same function, made under slightly different host state, to learn what depends on that
 * state. Pure.
 */
import type { Handle, HostValues, OpInput } from '../tensorflow/op-executor.js';
import type { HostConstant, RecordedOperation } from './program.js';
import type { Recording } from './record-function.js';

import { flatInputs } from './program.js';

/** A host constant that has another value in the second recording. */
export interface ChangedConstant {
  readonly first: HostConstant;
  readonly second: HostConstant;
}

/**
 * The difference between two recordings: in their ops, so that no replay can be right, or only in the values of
 * constants.
 */
export type RecordingDifference =
  | { readonly kind: 'structure'; readonly at: string }
  | { readonly kind: 'constants'; readonly changed: readonly ChangedConstant[] };

function sameValues(one: HostValues, other: HostValues): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) {
    const [a, b] = [one[index], other[index]];
    if (a instanceof Uint8Array && b instanceof Uint8Array ? !sameValues(a, b) : !Object.is(a, b)) return false;
  }
  return true;
}

/** Pairs the handles of two recordings as it walks through them. */
class HandlePairs {
  readonly changed: ChangedConstant[] = [];
  readonly #first: Recording;
  readonly #second: Recording;
  readonly #partners = new Map<Handle, Handle>();

  constructor(first: Recording, second: Recording) {
    this.#first = first;
    this.#second = second;
  }

  pair(one: Handle, other: Handle): void {
    this.#partners.set(one, other);
  }

  /** Two handles correspond when they have the same position in their recordings. */
  correspond(one: Handle | undefined, other: Handle | undefined): boolean {
    if (one === undefined || other === undefined) return one === other;
    const known = this.#partners.get(one);
    if (known !== undefined) return known === other;
    this.pair(one, other);
    const [constant, otherConstant] = [this.#first.constants.get(one), this.#second.constants.get(other)];
    if (constant === undefined && otherConstant === undefined) return this.#isSameCapture(one, other);
    if (constant === undefined || otherConstant === undefined) return false;
    if (!sameValues(constant.values, otherConstant.values))
      this.changed.push({ first: constant, second: otherConstant });
    return true;
  }

  /** A value from before the recording: the same handle, or a new handle of the same variable. */
  #isSameCapture(one: Handle, other: Handle): boolean {
    const variable = this.#first.variables.get(one);
    return one === other || (variable !== undefined && variable === this.#second.variables.get(other));
  }

  correspondAll(ones: readonly Handle[], others: readonly Handle[]): boolean {
    return ones.length === others.length && ones.every((one, index) => this.correspond(one, others[index]));
  }
}

function sameOperation(pairs: HandlePairs, one: RecordedOperation, other: RecordedOperation | undefined): boolean {
  if (one.op !== other?.op || one.attributes.key !== other.attributes.key) return false;
  if (one.inputs.length !== other.inputs.length || one.outputs.length !== other.outputs.length) return false;
  const listOf = (input: OpInput | undefined): Handle[] => (input === undefined ? [] : flatInputs([input]));
  if (!one.inputs.every((input, index) => pairs.correspondAll(listOf(input), listOf(other.inputs[index]))))
    return false;
  one.outputs.forEach((output, index) => {
    const partner = other.outputs[index];
    if (partner !== undefined) pairs.pair(output, partner);
  });
  return true;
}

/**
 * Compares two recordings op by op.
 *
 * @param first - The first recording.
 * @param second - The second recording, of the same function.
 * @returns The first difference in structure, or the constants that changed.
 */
export function compareRecordings(first: Recording, second: Recording): RecordingDifference {
  const pairs = new HandlePairs(first, second);
  const differs = (at: string): RecordingDifference => ({ kind: 'structure', at });
  if (first.operations.length !== second.operations.length) return differs('the number of operations');
  for (const [index, operation] of first.operations.entries()) {
    if (!sameOperation(pairs, operation, second.operations[index])) return differs(operation.op);
  }
  if (!pairs.correspondAll(first.results, second.results)) return differs('the results');
  for (const [variable, handle] of first.writes) {
    const other = second.writes.get(variable);
    if (other === undefined || !pairs.correspond(handle, other)) return differs(`the value of ${variable.name}`);
  }
  return { kind: 'constants', changed: pairs.changed };
}
