/**
 * A recorded run of ops, before it becomes a TensorFlow function. Pure data and questions about it.
 * Values are named by the handle objects that stood for them while recording; identity is all that counts.
 */
import type { AttributeSet } from '../tensorflow/attributes.js';
import type { Handle, HostValues, OpInput } from '../tensorflow/op-executor.js';

/** One op call. `inputs` keeps the op's argument structure: a nested array is a list argument. */
export interface RecordedOperation {
  readonly op: string;
  readonly attributes: AttributeSet;
  readonly inputs: readonly OpInput[];
  readonly outputs: readonly Handle[];
  /** Values that must be there before it runs, although it does not use them. */
  readonly controlInputs?: readonly Handle[];
}

/** A value that host code wrote while recording: frozen into the program unless it is fed instead. */
export interface HostConstant {
  readonly handle: Handle;
  readonly values: HostValues;
}

/** Ops in execution order, and what stands around them. */
export interface Program {
  readonly operations: readonly RecordedOperation[];
  /** Values given anew at each call, in the order of the function's parameters. */
  readonly parameters: readonly Handle[];
  /** Values that host code made while recording, by their handle. */
  readonly constants: ReadonlyMap<Handle, HostConstant>;
  /** The function's results, in order. A parameter or a constant may be one. */
  readonly results: readonly Handle[];
}

/** Every handle of a call's inputs, lists opened. */
export function flatInputs(inputs: readonly OpInput[]): Handle[] {
  return inputs.flatMap((input) => input as Handle | Handle[]);
}

/** The operation reading some of its values from others: `same` says which. */
export function replaceInputs(operation: RecordedOperation, same: ReadonlyMap<Handle, Handle>): RecordedOperation {
  const current = (handle: Handle): Handle => same.get(handle) ?? handle;
  const inputs = operation.inputs.map((input) =>
    Array.isArray(input) ? (input as Handle[]).map(current) : current(input as Handle),
  );
  return { ...operation, inputs };
}

/** The numbers of a constant; undefined for everything that is not known while building. */
export function constantOf({ constants }: Pick<Program, 'constants'>, handle: Handle): HostValues | undefined {
  return handle.constantValue ?? constants.get(handle)?.values;
}

/**
 * The values that a program uses without having made them and without being given them: what a function captures.
 * In the order of first use.
 */
export function capturesOf(
  operations: readonly RecordedOperation[],
  results: readonly Handle[],
  known: ReadonlySet<Handle>,
): Handle[] {
  const made = new Set<Handle>(known);
  const captures = new Set<Handle>();
  const use = (handle: Handle): void => {
    if (!made.has(handle) && handle.constantValue === undefined) captures.add(handle);
  };
  for (const operation of operations) {
    flatInputs(operation.inputs).forEach(use);
    for (const output of operation.outputs) made.add(output);
  }
  for (const result of results) use(result);
  return [...captures];
}

/** Stands for a value that no recording made. */
export function newHandle(like: Pick<Handle, 'dtype' | 'shape' | 'constantValue'>): Handle {
  return { ...like, isDisposed: false, dispose: () => undefined };
}
