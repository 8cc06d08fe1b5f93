/**
 * The one seam through which every op of the runtime runs. Types only.
 *
 * The tfjs backend never calls TensorFlow: each kernel becomes calls of {@link OpExecutor.execute} on
 * handles that it does not look into. What an executor does with a call is its own affair:
 *
 * - `EagerExecutor` (eager-executor.ts) runs it at once on one device.
 * - A tracer wraps an EagerExecutor: it runs the call through it once, so that shapes and element types
 *   are known, and appends `{ op, attributes, inputs, outputs }` to a program. Handles are compared by
 *   identity: a handle that no recorded call produced is an input of the program, except those
 *   with a `constantValue`, which become `Const` nodes. `inputs` keeps the op's argument structure (a nested
 *   array is a list argument), which is what `TF_AddInput` / `TF_AddInputList` need. Type attributes that
 *   TensorFlow infers from inputs are absent from `attributes`; graph construction infers them as well.
 *   Ops that draw random numbers carry their seed as an input (stateless ops), see the kernels.
 * - An executor for mirrored values takes handles that hold one handle a device and runs each call on every
 *   device; its own Handle class implements this interface.
 *
 * `MirrorscopeBackend.executor` (backend/mirrorscope-backend.ts) may be exchanged at any time between ops;
 * `MirrorscopeBackend.handleOf(tensor)` and `tensorOf(handle)` cross between tfjs tensors and handles.
 */
import type { AttributeSet } from './attributes.js';
import type { DataTypeCode } from './data-types-table.js';

/** What a host keeps of a tensor: the layout's typed array, or bytes per element for strings. */
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

/** A tensor on a device. Whoever got it from an executor disposes it, constants excepted. */
export interface Handle {
  readonly dtype: DataTypeCode;
  readonly shape: readonly number[];
  /** The value of an interned constant: it never changes and is the same in every run. */
  readonly constantValue?: HostValues;
  readonly isDisposed: boolean;
  /** Gives the tensor back. A second call does nothing; so does a call on an interned constant. */
  dispose(): void;
}

/** One argument of an op: a tensor, or a list of them where the op's definition has a list. */
export type OpInput = Handle | readonly Handle[];

/** Runs ops. */
export interface OpExecutor {
  /**
   * Runs one op. The caller owns the outputs and keeps owning the inputs.
   * @throws TensorFlowError with TensorFlow's message and the op's name.
   */
  execute(op: string, attributes: AttributeSet, inputs: readonly OpInput[], outputCount: number): Handle[];
  /** Runs one op that has exactly one output. */
  execute1(op: string, attributes: AttributeSet, inputs: readonly OpInput[]): Handle;
  /** Copies host values into a new tensor. */
  fromHost(values: HostValues, shape: readonly number[], dtype: DataTypeCode): Handle;
  /** A small tensor that is part of a kernel (an axis, a permutation, an epsilon): interned, shared, never disposed by its users. */
  constant(values: readonly number[], shape: readonly number[], dtype: DataTypeCode): Handle;
  /** Reads a tensor, waiting for it. */
  readSync(handle: Handle): HostValues;
  /** Reads a tensor without blocking the event loop. */
  read(handle: Handle): Promise<HostValues>;
}
