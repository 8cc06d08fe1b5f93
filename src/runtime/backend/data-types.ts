/** How tfjs's element types and TensorFlow's meet. Pure. */
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

/** TensorFlow's code of a tfjs element type. */
export function codeOf(dtype: DataType): DataTypeCode {
  const code = CODES.get(dtype);
  if (code === undefined)
    throw new MirrorscopeError(ErrorCode.InvalidArgument, `Unknown element type ${String(dtype)}.`);
  return code;
}

const NAMES: ReadonlyMap<DataTypeCode, DataType> = new Map<DataTypeCode, DataType>([
  [DataTypeCode.Float, 'float32'],
  [DataTypeCode.Int32, 'int32'],
  [DataTypeCode.Bool, 'bool'],
  [DataTypeCode.Complex64, 'complex64'],
  [DataTypeCode.String, 'string'],
]);

/** The tfjs element type with exactly this code, if tfjs has one. */
export function exactTypeOf(code: DataTypeCode): DataType | undefined {
  return NAMES.get(code);
}

const NEAREST: ReadonlyMap<DataTypeCode, DataTypeCode> = new Map([
  [DataTypeCode.Double, DataTypeCode.Float],
  [DataTypeCode.Half, DataTypeCode.Float],
  [DataTypeCode.BFloat16, DataTypeCode.Float],
  [DataTypeCode.Complex128, DataTypeCode.Complex64],
  [DataTypeCode.Int64, DataTypeCode.Int32],
  [DataTypeCode.Int16, DataTypeCode.Int32],
  [DataTypeCode.Int8, DataTypeCode.Int32],
  [DataTypeCode.UInt8, DataTypeCode.Int32],
  [DataTypeCode.UInt16, DataTypeCode.Int32],
  [DataTypeCode.UInt32, DataTypeCode.Int32],
  [DataTypeCode.UInt64, DataTypeCode.Int32],
]);

/** The type that a tensor of a type tfjs does not have is cast to. */
export function nearestTypeOf(code: DataTypeCode): DataTypeCode {
  const nearest = NEAREST.get(code);
  if (nearest === undefined)
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      `TensorFlow.js has no type for a ${dataTypeName(code)} tensor.`,
    );
  return nearest;
}
