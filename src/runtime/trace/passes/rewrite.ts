/**
 * Walks a program once, in order, and lets rules replace ops by cheaper ones that give the same values. Pure.
 * The handles of values stay what they were, so that results and captures keep their names.
 */
import type { AttributeSet } from '../../tensorflow/attributes.js';
import type { Handle, HostValues, OpInput } from '../../tensorflow/op-executor.js';

import { constantOf, type Program, type RecordedOperation, replaceInputs } from '../program.js';

/** What a rule puts in the place of an op. */
export type Rewrite =
  /** The op's only output is a value that is there already. */
  | { readonly same: Handle }
  /** Another op gives the same outputs. */
  | { readonly op: string; readonly attributes: AttributeSet; readonly inputs: readonly OpInput[] };

/** What a rule can ask about the ops before the one that it looks at. */
export interface RewriteContext {
  /** The op that made a value; undefined for parameters, captures and constants. */
  producerOf(handle: Handle): RecordedOperation | undefined;
  /** The numbers of a constant; undefined for everything that is not known while building. */
  constantOf(handle: Handle): HostValues | undefined;
  /** The output of an earlier op with this first input. */
  outputOf(op: string, firstInput: Handle): Handle | undefined;
}

/** Looks at one op; undefined leaves it as it is. */
export type RewriteRule = (operation: RecordedOperation, context: RewriteContext) => Rewrite | undefined;

/** The program with every rule applied where it fits; the first rule that fits wins, then the result is looked at again. */
export function rewriteProgram(program: Program, rules: ReadonlyMap<string, readonly RewriteRule[]>): Program {
  const same = new Map<Handle, Handle>();
  const producers = new Map<Handle, RecordedOperation>();
  const byFirstInput = new Map<string, Map<Handle, Handle>>();
  const current = (handle: Handle): Handle => same.get(handle) ?? handle;
  const context: RewriteContext = {
    producerOf: (handle) => producers.get(handle),
    constantOf: (handle) => constantOf(program, handle),
    outputOf: (op, firstInput) => byFirstInput.get(op)?.get(firstInput),
  };

  const operations: RecordedOperation[] = [];
  for (const recorded of program.operations) {
    let operation: RecordedOperation | undefined = replaceInputs(recorded, same);
    for (
      let found = firstRewrite(operation, rules, context);
      found !== undefined;
      found = firstRewrite(operation, rules, context)
    ) {
      if ('same' in found) {
        same.set(operation.outputs[0] as Handle, found.same);
        operation = undefined;
        break;
      }
      operation = { ...operation, ...found };
    }
    if (operation === undefined) continue;
    operations.push(operation);
    for (const output of operation.outputs) producers.set(output, operation);
    const [first] = operation.inputs;
    if (first === undefined || Array.isArray(first)) continue;
    const ofOp = byFirstInput.get(operation.op) ?? new Map<Handle, Handle>();
    ofOp.set(first as Handle, operation.outputs[0] as Handle);
    byFirstInput.set(operation.op, ofOp);
  }
  return { ...program, operations, results: program.results.map(current) };
}

function firstRewrite(
  operation: RecordedOperation,
  rules: ReadonlyMap<string, readonly RewriteRule[]>,
  context: RewriteContext,
): Rewrite | undefined {
  for (const rule of rules.get(operation.op) ?? []) {
    const found = rule(operation, context);
    if (found !== undefined) return found;
  }
  return undefined;
}
