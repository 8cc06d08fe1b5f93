/** The element types that XLA and TensorFlow share: their codes in both C APIs, and their names in StableHLO. Data only. */
import { DataTypeCode } from '../tensorflow/data-types-table.js';

/** An element type of XLA. */
export interface ElementType {
  /** `PJRT_Buffer_Type`. */
  readonly code: number;
  /** As in `tensor<2x3xf32>`. */
  readonly name: string;
}

export const ELEMENT_TYPES: ReadonlyMap<DataTypeCode, ElementType> = new Map([
  [DataTypeCode.Bool, { code: 1, name: 'i1' }],
  [DataTypeCode.Int8, { code: 2, name: 'i8' }],
  [DataTypeCode.Int16, { code: 3, name: 'i16' }],
  [DataTypeCode.Int32, { code: 4, name: 'i32' }],
  [DataTypeCode.Int64, { code: 5, name: 'i64' }],
  [DataTypeCode.UInt8, { code: 6, name: 'ui8' }],
  [DataTypeCode.UInt16, { code: 7, name: 'ui16' }],
  [DataTypeCode.UInt32, { code: 8, name: 'ui32' }],
  [DataTypeCode.UInt64, { code: 9, name: 'ui64' }],
  [DataTypeCode.Half, { code: 10, name: 'f16' }],
  [DataTypeCode.Float, { code: 11, name: 'f32' }],
  [DataTypeCode.Double, { code: 12, name: 'f64' }],
  [DataTypeCode.BFloat16, { code: 13, name: 'bf16' }],
]);
