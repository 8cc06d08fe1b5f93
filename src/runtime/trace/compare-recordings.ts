/**
 * Compares two recordings of the same function, made under slightly different host state, to learn what depends on that
 * state. Pure.
 */
import type { Handle, HostValues } from '../tensorflow/op-executor.js';
import type { HostConstant } from './program.js';
import type { Recording } from './record-function.js';

/** A host constant that had another value in the second recording. */
export interface ChangedConstant {
  readonly first: HostConstant;
  readonly second: HostConstant;
}

/** How two recordings differ: in their ops, where no replay can be right, or in the values of these constants. */
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

/** Compares op by op; handles correspond when they have the same place in their recordings. */
export function compareRecordings(first: Recording, second: Recording): RecordingDifference {
  const partner = new Map<Handle, Handle>();
  const changed: ChangedConstant[] = [];
  const corresponds = (one: Handle, other: Handle): boolean => {
    const known = partner.get(one);
    if (known !== undefined) return known === other;
    partner.set(one, other);
    const [constant, otherConstant] = [first.constants.get(one), second.constants.get(other)];
    if (constant === undefined && otherConstant === undefined) {
      // A variable or another value from before: the same object, or the same variable under a new handle.
      return one === other || (first.variables.has(one) && first.variables.get(one) === second.variables.get(other));
    }
    if (constant === undefined || otherConstant === undefined) return false;
    if (!sameValues(constant.values, otherConstant.values)) changed.push({ first: constant, second: otherConstant });
    return true;
  };
  const differs = (at: string): RecordingDifference => ({ kind: 'structure', at });

  if (first.operations.length !== second.operations.length) return differs('the number of operations');
  for (const [index, operation] of first.operations.entries()) {
    const other = second.operations[index];
    if (other === undefined || operation.op !== other.op || operation.attributes.key !== other.attributes.key)
      return differs(operation.op);
    if (operation.inputs.length !== other.inputs.length || operation.outputs.length !== other.outputs.length)
      return differs(operation.op);
    for (const [place, input] of operation.inputs.entries()) {
      const otherInput = other.inputs[place];
      const [list, otherList] = [[input].flat() as Handle[], [otherInput].flat() as Handle[]];
      if (list.length !== otherList.length) return differs(operation.op);
      if (!list.every((handle, at) => corresponds(handle, otherList[at] as Handle))) return differs(operation.op);
    }
    operation.outputs.forEach((output, place) => partner.set(output, other.outputs[place] as Handle));
  }
  if (first.results.length !== second.results.length) return differs('the results');
  if (!first.results.every((handle, index) => corresponds(handle, second.results[index] as Handle)))
    return differs('the results');
  for (const [variable, handle] of first.writes) {
    const other = second.writes.get(variable);
    if (other === undefined || !corresponds(handle, other)) return differs(`the value of ${variable.name}`);
  }
  return { kind: 'constants', changed };
}
