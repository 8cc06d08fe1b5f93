/** Maps element types between tfjs and TensorFlow. Pure. */
import type { DataType } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { DataTypeCode, dataTypeName } from '../tensorflow/data-types-table.js';

const CODES: ReadonlyMap<string, DataTypeCode> = new Map([
  ['float32', DataTypeCode.Float],
  ['int32', DataTypeCode.Int32],
  ['bool', DataTypeCode.Bool],
  ['complex64', DataTypeCode.Complex64],
  ['string', DataTypeCode.String],
]);

/**
 * Maps a tfjs element type to TensorFlow's.
 *
 * @param dtype - tfjs's name of the type.
 * @returns TensorFlow's code.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when tfjs has no such type.
 */
export function codeOf(dtype: DataType): DataTypeCode {
  const code = CODES.get(dtype);
  if (code === undefined) throw new MirrorscopeError(ErrorCode.InvalidArgument, `Unknown element type ${dtype}.`);
  return code;
}

const NAMES: ReadonlyMap<DataTypeCode, DataType> = new Map<DataTypeCode, DataType>([
  [DataTypeCode.Float, 'float32'],
  [DataTypeCode.Int32, 'int32'],
  [DataTypeCode.Bool, 'bool'],
  [DataTypeCode.Complex64, 'complex64'],
  [DataTypeCode.String, 'string'],
]);

/**
 * Maps a TensorFlow element type to the same type in tfjs.
 *
 * @param code - TensorFlow's code.
 * @returns tfjs's name of the type, or undefined when tfjs lacks it.
 */
export function exactTypeOf(code: DataTypeCode): DataType | undefined {
  return NAMES.get(code);
}

const NEAREST: ReadonlyMap<DataTypeCode, DataType> = new Map<DataTypeCode, DataType>([
  [DataTypeCode.Double, 'float32'],
  [DataTypeCode.Half, 'float32'],
  [DataTypeCode.BFloat16, 'float32'],
  [DataTypeCode.Complex128, 'complex64'],
  [DataTypeCode.Int64, 'int32'],
  [DataTypeCode.Int16, 'int32'],
  [DataTypeCode.Int8, 'int32'],
  [DataTypeCode.UInt8, 'int32'],
  [DataTypeCode.UInt16, 'int32'],
  [DataTypeCode.UInt32, 'int32'],
  [DataTypeCode.UInt64, 'int32'],
]);

/**
 * Chooses the tfjs element type to which a tensor is cast when tfjs lacks its type.
 *
 * @param code - TensorFlow's code of a type that tfjs lacks.
 * @returns tfjs's name of the type.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when no type of tfjs can hold the values.
 */
export function nearestTypeOf(code: DataTypeCode): DataType {
  const nearest = NEAREST.get(code);
  if (nearest === undefined)
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      `TensorFlow.js has no element type for a ${dataTypeName(code)} tensor.`,
    );
  return nearest;
}
