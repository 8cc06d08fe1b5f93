/**
 * The port through which every op of the runtime runs. Types only.
 *
 * The tfjs backend never calls TensorFlow. Each kernel calls {@link OpExecutor.execute} on opaque handles, and the
 * executor decides what a call does:
 *
 * - `EagerExecutor` runs it immediately, on one device.
 * - A recording executor also runs it through an EagerExecutor, to learn shapes and element types, and appends it to a
 *   program. It compares handles by identity: a handle that no recorded op produced is an input of the program, unless
 *   it has a `constantValue` and becomes a `Const` node. A nested array of inputs is a list argument. Random ops carry
 *   their seed as an input, so that a program can replace it.
 * - An executor for mirrored values takes handles that hold one handle per device, and runs each call on every device.
 *
 * `MirrorscopeBackend.executor` can be replaced between ops. `MirrorscopeBackend.handleOf(tensor)` and
 * `tensorOf(handle)` convert between tfjs tensors and handles.
 */
import type { AttributeSet } from './attributes.js';
import type { DataTypeCode } from './data-types-table.js';

/** The values of a tensor in JavaScript: a typed array of its element type, or the bytes of each string. */
export type HostValues =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array
  | Int16Array
  | Int8Array
  | BigInt64Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | readonly Uint8Array[];

/** A tensor on a device. The caller that got it from an executor must dispose it, unless it is a constant. */
export interface Handle {
  readonly dtype: DataTypeCode;
  readonly shape: readonly number[];
  /** The values of an interned constant; undefined for other tensors. */
  readonly constantValue?: HostValues;
  readonly isDisposed: boolean;
  /** Frees the tensor. Does nothing when called again, or on an interned constant. */
  dispose(): void;
}

/** One argument of an op: a tensor, or a list of tensors if the op's definition has a list. */
export type OpInput = Handle | readonly Handle[];

/** Runs ops. */
export interface OpExecutor {
  /**
   * Runs an op. The caller owns the outputs, and still owns the inputs.
   *
   * @param op - TensorFlow's name of the op.
   * @param attributes - Attributes that TensorFlow does not infer from the inputs.
   * @param inputs - Its arguments.
   * @param outputCount - Number of outputs, or an upper bound.
   * @returns The outputs.
   * @throws {TensorFlowError} When TensorFlow rejects the op; has TensorFlow's message and the op's name.
   */
  execute(op: string, attributes: AttributeSet, inputs: readonly OpInput[], outputCount: number): Handle[];
  /** Runs an op with exactly one output. */
  execute1(op: string, attributes: AttributeSet, inputs: readonly OpInput[]): Handle;
  /** Copies host values into a new tensor. */
  fromHost(values: HostValues, shape: readonly number[], dtype: DataTypeCode): Handle;
  /**
   * Makes a small tensor that belongs to a kernel, such as an axis or an epsilon. It is interned and shared: do not
   * dispose it.
   */
  constant(values: readonly number[], shape: readonly number[], dtype: DataTypeCode): Handle;
  /** Reads the values of a tensor. Blocks until they are computed. */
  readSync(handle: Handle): HostValues;
  /**
   * Reads values in order to check them: other values must not give another program. Where ops are recorded, these are
   * the values of the recording. Blocks until they are computed.
   */
  peek(handle: Handle): HostValues;
  /** Reads the values of a tensor without blocking the event loop. */
  read(handle: Handle): Promise<HostValues>;
}
