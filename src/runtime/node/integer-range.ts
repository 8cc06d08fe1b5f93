/** Makes tensors of integers that TensorFlow.js has no element type for. Runs ops. */
import type { MirrorscopeBackend } from '../backend/mirrorscope-backend.js';
import type { Handle } from '../tensorflow/op-executor.js';
import type { Tensor } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { attributes, NO_ATTRIBUTES, type } from '../tensorflow/attributes.js';
import { DataTypeCode, dataTypeName } from '../tensorflow/data-types-table.js';

/** The types whose values may lie beyond `int32`, to which TensorFlow.js casts them. */
const WIDE: ReadonlySet<number> = new Set([DataTypeCode.Int64, DataTypeCode.UInt32, DataTypeCode.UInt64]);

const UNSIGNED: ReadonlySet<number> = new Set([DataTypeCode.UInt32, DataTypeCode.UInt64]);

function fits({ executor }: MirrorscopeBackend, handle: Handle): boolean {
  const temporary: Handle[] = [];
  const run = (op: string, inputs: readonly Handle[], set = NO_ATTRIBUTES): Handle => {
    const output = executor.execute1(op, set, inputs);
    temporary.push(output);
    return output;
  };
  try {
    const narrow = run('Cast', [handle], attributes(type('DstT', DataTypeCode.Int32)));
    const back = run('Cast', [narrow], attributes(type('DstT', handle.dtype)));
    const axes = handle.shape.map((_, axis) => axis);
    // An unsigned value beyond int32 wraps to a negative one, and back.
    const zero = executor.constant([0], [], DataTypeCode.Int32);
    const same = run('Equal', [back, handle]);
    const equal = UNSIGNED.has(handle.dtype) ? run('LogicalAnd', [same, run('GreaterEqual', [narrow, zero])]) : same;
    const all = run('All', [equal, executor.constant(axes, [axes.length], DataTypeCode.Int32)]);
    return Number(executor.readSync(all)[0]) === 1;
  } finally {
    for (const each of temporary) each.dispose();
  }
}

/**
 * Makes a tfjs tensor of a handle.
 *
 * @param backend - The backend that holds it.
 * @param handle - The handle. The tensor takes it over.
 * @param name - Names the value in errors.
 * @returns The tensor. Element types that tfjs lacks are cast to the nearest one.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when an integer does not fit into `int32`.
 */
export function tensorInRange(backend: MirrorscopeBackend, handle: Handle, name: string): Tensor {
  if (!WIDE.has(handle.dtype) || fits(backend, handle)) return backend.tensorOf(handle);
  const typeName = dataTypeName(handle.dtype);
  handle.dispose();
  throw new MirrorscopeError(
    ErrorCode.InvalidArgument,
    `${name} is ${typeName} and has values that do not fit into int32, the only integer type of TensorFlow.js.`,
    { hint: 'Cast the output to float32, or to a string, in the signature of the SavedModel.' },
  );
}
