/**
 * A recorded run of ops, before it becomes a TensorFlow function. Data, and pure questions about it.
 * A value is named by the handle object that stood for it while recording; only the identity of the handle counts.
 */
import type { AttributeSet } from '../tensorflow/attributes.js';
import type { Handle, HostValues, OpInput } from '../tensorflow/op-executor.js';

/** One call of an op. */
export interface RecordedOperation {
  readonly op: string;
  readonly attributes: AttributeSet;
  /** As the op takes them: a nested array is a list argument. */
  readonly inputs: readonly OpInput[];
  readonly outputs: readonly Handle[];
  /** Values that must exist before the op runs, although it does not read them. */
  readonly controlInputs?: readonly Handle[];
}

/**
 * A value that host code wrote while recording. The program freezes it, unless the caller passes it as a parameter
 * instead.
 */
export interface HostConstant {
  readonly handle: Handle;
  readonly values: HostValues;
}

/** Ops in execution order, with their parameters and results. */
export interface Program {
  readonly operations: readonly RecordedOperation[];
  /** The values that each call passes, in the order of the function's parameters. */
  readonly parameters: readonly Handle[];
  /** The values that host code made while recording, by their handle. */
  readonly constants: ReadonlyMap<Handle, HostConstant>;
  /** The function's results, in order. A parameter or a constant may be one. */
  readonly results: readonly Handle[];
}

/**
 * Checks whether an input is a list argument.
 *
 * @param input - One input of an op.
 * @returns True for a list of handles.
 */
export function isInputList(input: OpInput): input is readonly Handle[] {
  return Array.isArray(input);
}

/**
 * Lists the handles of a call's inputs.
 *
 * @param inputs - The inputs of an op.
 * @returns Every handle, those of list arguments included.
 */
export function flatInputs(inputs: readonly OpInput[]): Handle[] {
  return inputs.flatMap((input) => (isInputList(input) ? [...input] : [input]));
}

/**
 * Reads an input that is not a list argument.
 *
 * @param operation - The operation.
 * @param index - The position of the input.
 * @returns The value that the operation reads there.
 */
export function tensorInput(operation: RecordedOperation, index: number): Handle {
  const input = operation.inputs[index];
  if (input === undefined || isInputList(input))
    throw new TypeError(`input ${String(index)} of ${operation.op} is not a tensor`);
  return input;
}

/**
 * Reads an output.
 *
 * @param operation - The operation.
 * @param index - The position of the output.
 * @returns The value that the operation computes there.
 */
export function outputOf(operation: RecordedOperation, index = 0): Handle {
  const output = operation.outputs[index];
  if (output === undefined) throw new TypeError(`${operation.op} has no output ${String(index)}`);
  return output;
}

/**
 * Compares the shapes of two values.
 *
 * @param one - A value.
 * @param other - Another value.
 * @returns True when the shapes are equal.
 */
export function sameShape(one: Handle, other: Handle): boolean {
  return one.shape.length === other.shape.length && one.shape.every((size, axis) => size === other.shape[axis]);
}

/**
 * Replaces values that an operation reads.
 *
 * @param operation - The operation.
 * @param replacements - The new value for each value to replace.
 * @returns A copy that reads the new values.
 */
export function replaceInputs(
  operation: RecordedOperation,
  replacements: ReadonlyMap<Handle, Handle>,
): RecordedOperation {
  const current = (handle: Handle): Handle => replacements.get(handle) ?? handle;
  const inputs = operation.inputs.map((input) => (isInputList(input) ? input.map(current) : current(input)));
  return { ...operation, inputs };
}

/**
 * Reads the numbers of a constant.
 *
 * @param program - The program that the value belongs to.
 * @param handle - Any value.
 * @returns Its elements; undefined when they are not known before the program runs.
 */
export function constantOf(program: Pick<Program, 'constants'>, handle: Handle): HostValues | undefined {
  return handle.constantValue ?? program.constants.get(handle)?.values;
}

/**
 * Finds the values that a function must capture: the program uses them, and neither computes nor receives them.
 *
 * @param operations - The ops of the program.
 * @param results - Its results.
 * @param known - Its parameters and constants.
 * @returns The captured values, in the order of first use.
 */
export function capturesOf(
  operations: readonly RecordedOperation[],
  results: readonly Handle[],
  known: ReadonlySet<Handle>,
): Handle[] {
  const defined = new Set<Handle>(known);
  const captures = new Set<Handle>();
  const use = (handle: Handle): void => {
    if (!defined.has(handle) && handle.constantValue === undefined) captures.add(handle);
  };
  for (const operation of operations) {
    flatInputs(operation.inputs).forEach(use);
    for (const output of operation.outputs) defined.add(output);
  }
  for (const result of results) use(result);
  return [...captures];
}

/**
 * Makes a handle for a value that a pass adds to a program.
 *
 * @param like - The element type and shape, and the elements of a constant.
 * @returns A handle without a tensor behind it.
 */
export function newHandle(like: Pick<Handle, 'dtype' | 'shape' | 'constantValue'>): Handle {
  return { ...like, isDisposed: false, dispose: () => undefined };
}
