/**
 * Walks a program once, in order, and lets rules replace ops with cheaper ones that compute the same values. Pure.
 * Values keep their handles, so that results and captures keep their names.
 */
import type { AttributeSet } from '../../tensorflow/attributes.js';
import type { Handle, HostValues, OpInput } from '../../tensorflow/op-executor.js';

import { constantOf, isInputList, type Program, type RecordedOperation, replaceInputs } from '../program.js';

/** The replacement for an op. */
export type Rewrite =
  /** The op's only output is a value that already exists. */
  | { readonly same: Handle }
  /** Another op computes the same outputs. */
  | { readonly op: string; readonly attributes: AttributeSet; readonly inputs: readonly OpInput[] };

/** Answers a rule's questions about the ops before its own. */
export interface RewriteContext {
  /** The op that computes a value; undefined for parameters, captures and constants. */
  producerOf(handle: Handle): RecordedOperation | undefined;
  /** The elements of a constant; undefined when they are not known before the program runs. */
  constantOf(handle: Handle): HostValues | undefined;
  /** The output of an earlier op with this first input. */
  outputOf(op: string, firstInput: Handle): Handle | undefined;
}

/** Looks at one op; undefined leaves it as it is. */
export type RewriteRule = (operation: RecordedOperation, context: RewriteContext) => Rewrite | undefined;

/** Rules by the op that they look at. */
export type RewriteRules = ReadonlyMap<string, readonly RewriteRule[]>;

/**
 * Joins tables of rules.
 *
 * @param tables - The tables. Rules of earlier ones come first.
 * @returns All their rules.
 */
export function joinRules(...tables: readonly RewriteRules[]): RewriteRules {
  const joined = new Map<string, RewriteRule[]>();
  for (const table of tables) for (const [op, rules] of table) joined.set(op, [...(joined.get(op) ?? []), ...rules]);
  return joined;
}

/**
 * Checks whether every element of a value has the same known number.
 *
 * @param context - Knows the constants.
 * @param handle - The value.
 * @param number - The number.
 * @returns False also for a value that is empty or not known.
 */
export function isAll(context: RewriteContext, handle: Handle, number: number): boolean {
  const values: ArrayLike<unknown> | undefined = context.constantOf(handle);
  if (values === undefined || values.length === 0) return false;
  for (let index = 0; index < values.length; index++) if (values[index] !== number) return false;
  return true;
}

/** The part of a program that has been rewritten. */
class RewrittenProgram implements RewriteContext {
  readonly operations: RecordedOperation[] = [];
  /** The value that replaces another one. */
  readonly replacements = new Map<Handle, Handle>();
  readonly #program: Program;
  readonly #producers = new Map<Handle, RecordedOperation>();
  readonly #byFirstInput = new Map<string, Map<Handle, Handle>>();

  constructor(program: Program) {
    this.#program = program;
  }

  producerOf(handle: Handle): RecordedOperation | undefined {
    return this.#producers.get(handle);
  }

  constantOf(handle: Handle): HostValues | undefined {
    return constantOf(this.#program, handle);
  }

  outputOf(op: string, firstInput: Handle): Handle | undefined {
    return this.#byFirstInput.get(op)?.get(firstInput);
  }

  add(operation: RecordedOperation): void {
    this.operations.push(operation);
    for (const output of operation.outputs) this.#producers.set(output, operation);
    const [input] = operation.inputs;
    const [output] = operation.outputs;
    if (input === undefined || isInputList(input) || output === undefined) return;
    const ofOp = this.#byFirstInput.get(operation.op) ?? new Map<Handle, Handle>();
    ofOp.set(input, output);
    this.#byFirstInput.set(operation.op, ofOp);
  }
}

/**
 * Applies every rule where it fits. The first rule that fits wins; the op that it gives is looked at again.
 *
 * @param program - Any program.
 * @param rules - Rules by the op that they look at.
 * @returns The rewritten program.
 */
export function rewriteProgram(program: Program, rules: RewriteRules): Program {
  const rewritten = new RewrittenProgram(program);
  const { replacements, operations } = rewritten;
  for (const recorded of program.operations) {
    const operation = rewriteOperation(replaceInputs(recorded, replacements), rules, rewritten);
    if (operation !== undefined) rewritten.add(operation);
  }
  return { ...program, operations, results: program.results.map((handle) => replacements.get(handle) ?? handle) };
}

/** The op after all rules; undefined when its output is a value that already exists. */
function rewriteOperation(
  operation: RecordedOperation,
  rules: RewriteRules,
  rewritten: RewrittenProgram,
): RecordedOperation | undefined {
  let current = operation;
  for (;;) {
    const rewrite = firstRewrite(current, rules, rewritten);
    if (rewrite === undefined) return current;
    if ('same' in rewrite) {
      for (const output of current.outputs) rewritten.replacements.set(output, rewrite.same);
      return undefined;
    }
    current = { ...current, ...rewrite };
  }
}

function firstRewrite(operation: RecordedOperation, rules: RewriteRules, context: RewriteContext): Rewrite | undefined {
  for (const rule of rules.get(operation.op) ?? []) {
    const rewrite = rule(operation, context);
    if (rewrite !== undefined) return rewrite;
  }
  return undefined;
}
