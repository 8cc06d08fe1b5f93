/**
 * What a kernel works with: handles of its inputs, ops and small constants. The scope disposes every handle that a
 * kernel creates and does not return, so that kernels read like formulas. Runs ops.
 */
import type { Handle, OpExecutor, OpInput } from '../tensorflow/op-executor.js';
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { TensorInfo } from './tensor-info.js';

import { attributes, type AttributeSet, bool, NO_ATTRIBUTES, type } from '../tensorflow/attributes.js';
import { DataTypeCode } from '../tensorflow/data-types-table.js';

const KEEP_DIMS = attributes(bool('keep_dims', true));
const CAST_TO = new Map<DataTypeCode, AttributeSet>(
  [
    DataTypeCode.Float,
    DataTypeCode.Int32,
    DataTypeCode.Bool,
    DataTypeCode.Int64,
    DataTypeCode.Complex64,
    DataTypeCode.UInt8,
  ].map((code) => [code, attributes(type('DstT', code))]),
);

/** Runs the ops of one kernel call. */
export class KernelScope {
  readonly executor: OpExecutor;
  /** The TensorFlow.js in use; kernels call its shape functions. */
  readonly tfjs: TensorFlowJs;
  readonly #handleOf: (info: TensorInfo) => Handle;
  readonly #temporaries: Handle[] = [];

  constructor(executor: OpExecutor, tfjs: TensorFlowJs, handleOf: (info: TensorInfo) => Handle) {
    this.tfjs = tfjs;
    this.executor = executor;
    this.#handleOf = handleOf;
  }

  /** The handle of an input. */
  in(info: TensorInfo): Handle {
    return this.#handleOf(info);
  }

  /** Runs an op with one output. */
  op(name: string, inputs: readonly OpInput[], set: AttributeSet = NO_ATTRIBUTES): Handle {
    const handle = this.executor.execute1(name, set, inputs);
    this.#temporaries.push(handle);
    return handle;
  }

  /** Runs an op with several outputs. */
  ops(name: string, inputs: readonly OpInput[], outputCount: number, set: AttributeSet = NO_ATTRIBUTES): Handle[] {
    const handles = this.executor.execute(name, set, inputs, outputCount);
    this.#temporaries.push(...handles);
    return handles;
  }

  /** An interned `int32` vector. */
  ints(values: readonly number[]): Handle {
    return this.executor.constant(values, [values.length], DataTypeCode.Int32);
  }

  intScalar(value: number): Handle {
    return this.executor.constant([value], [], DataTypeCode.Int32);
  }

  floatScalar(value: number): Handle {
    return this.executor.constant([value], [], DataTypeCode.Float);
  }

  scalar(value: number, dtype: DataTypeCode): Handle {
    if (dtype === DataTypeCode.Complex64) return this.cast(this.floatScalar(value), dtype);
    return this.executor.constant([value], [], dtype);
  }

  /** An interned `int32` matrix. */
  intMatrix(rows: readonly (readonly number[])[], columns: number): Handle {
    return this.executor.constant(rows.flat(), [rows.length, columns], DataTypeCode.Int32);
  }

  cast(handle: Handle, dtype: DataTypeCode): Handle {
    if (handle.dtype === dtype) return handle;
    return this.op('Cast', [handle], CAST_TO.get(dtype) ?? attributes(type('DstT', dtype)));
  }

  reshape(handle: Handle, shape: readonly number[]): Handle {
    return this.op('Reshape', [handle, this.ints(shape)]);
  }

  transpose(handle: Handle, permutation: readonly number[]): Handle {
    return this.op('Transpose', [handle, this.ints(permutation)]);
  }

  reduce(name: string, handle: Handle, axes: readonly number[], keepDims: boolean): Handle {
    return this.op(name, [handle, this.ints(axes)], keepDims ? KEEP_DIMS : NO_ATTRIBUTES);
  }

  fill(shape: readonly number[], value: Handle): Handle {
    return this.op('Fill', [this.ints(shape), value]);
  }

  /** Casts to `float32`; complex numbers stay as they are. */
  toFloat(handle: Handle): Handle {
    return handle.dtype === DataTypeCode.Complex64 ? handle : this.cast(handle, DataTypeCode.Float);
  }

  /** Casts booleans to `int32`: unlike tfjs, TensorFlow has no arithmetic on booleans. */
  toNumber(handle: Handle): Handle {
    return handle.dtype === DataTypeCode.Bool ? this.cast(handle, DataTypeCode.Int32) : handle;
  }

  stridedSlice(handle: Handle, begin: readonly number[], end: readonly number[], strides: readonly number[]): Handle {
    return this.op('StridedSlice', [handle, this.ints(begin), this.ints(end), this.ints(strides)]);
  }

  /**
   * Ends the kernel: disposes everything that it created except its results.
   *
   * @param results - What the kernel returns.
   * @returns One handle per result, owned by the caller. A result that is an input or a constant gets a second handle
   *   on its memory.
   */
  finish(results: readonly Handle[]): Handle[] {
    const owned: Handle[] = [];
    for (const result of results) {
      const own = this.#temporaries.includes(result) && !owned.includes(result);
      owned.push(own ? result : this.executor.execute1('Identity', NO_ATTRIBUTES, [result]));
    }
    for (const temporary of this.#temporaries) if (!owned.includes(temporary)) temporary.dispose();
    this.#temporaries.length = 0;
    return owned;
  }

  /** Ends the kernel after an error: disposes everything that it created. */
  abandon(): void {
    for (const temporary of this.#temporaries) temporary.dispose();
    this.#temporaries.length = 0;
  }
}

export { attributes, bool, NO_ATTRIBUTES };
