/** TensorFlow's element types: their codes in the C API, and how JavaScript stores them. Data only. */

/** `TF_DataType` of tensorflow/c/tf_datatype.h. */
export enum DataTypeCode {
  Float = 1,
  Double = 2,
  Int32 = 3,
  UInt8 = 4,
  Int16 = 5,
  Int8 = 6,
  String = 7,
  Complex64 = 8,
  Int64 = 9,
  Bool = 10,
  BFloat16 = 14,
  UInt16 = 17,
  Complex128 = 18,
  Half = 19,
  Resource = 20,
  Variant = 21,
  UInt32 = 22,
  UInt64 = 23,
}

/** A typed array class that can hold one element type. */
export type HostArrayConstructor =
  | Float32ArrayConstructor
  | Float64ArrayConstructor
  | Int32ArrayConstructor
  | Uint8ArrayConstructor
  | Int16ArrayConstructor
  | Int8ArrayConstructor
  | BigInt64ArrayConstructor
  | Uint16ArrayConstructor
  | Uint32ArrayConstructor
  | BigUint64ArrayConstructor;

/** How JavaScript stores an element type: bytes per element, and the typed array for the elements. */
export interface DataTypeLayout {
  readonly name: string;
  readonly bytes: number;
  readonly array: HostArrayConstructor;
}

/** The element types of fixed size. Strings, resources and variants are missing. */
export const DATA_TYPE_LAYOUTS: ReadonlyMap<DataTypeCode, DataTypeLayout> = new Map<DataTypeCode, DataTypeLayout>([
  [DataTypeCode.Float, { name: 'float32', bytes: 4, array: Float32Array }],
  [DataTypeCode.Double, { name: 'float64', bytes: 8, array: Float64Array }],
  [DataTypeCode.Int32, { name: 'int32', bytes: 4, array: Int32Array }],
  [DataTypeCode.UInt8, { name: 'uint8', bytes: 1, array: Uint8Array }],
  [DataTypeCode.Int16, { name: 'int16', bytes: 2, array: Int16Array }],
  [DataTypeCode.Int8, { name: 'int8', bytes: 1, array: Int8Array }],
  // Real and imaginary parts, interleaved.
  [DataTypeCode.Complex64, { name: 'complex64', bytes: 8, array: Float32Array }],
  [DataTypeCode.Int64, { name: 'int64', bytes: 8, array: BigInt64Array }],
  [DataTypeCode.Bool, { name: 'bool', bytes: 1, array: Uint8Array }],
  // JavaScript has no array of 16-bit floats: these are the raw bits.
  [DataTypeCode.BFloat16, { name: 'bfloat16', bytes: 2, array: Uint16Array }],
  [DataTypeCode.Half, { name: 'float16', bytes: 2, array: Uint16Array }],
  [DataTypeCode.UInt16, { name: 'uint16', bytes: 2, array: Uint16Array }],
  [DataTypeCode.Complex128, { name: 'complex128', bytes: 16, array: Float64Array }],
  [DataTypeCode.UInt32, { name: 'uint32', bytes: 4, array: Uint32Array }],
  [DataTypeCode.UInt64, { name: 'uint64', bytes: 8, array: BigUint64Array }],
]);

/**
 * Tells whether a number is the code of an element type that the runtime knows.
 *
 * @param code - A `TF_DataType`.
 * @returns True for a code of {@link DataTypeCode}.
 */
export function isDataTypeCode(code: number): code is DataTypeCode {
  return code in DataTypeCode;
}

/**
 * Names an element type as TensorFlow's documentation does.
 *
 * @param code - A `TF_DataType`.
 * @returns The name, such as `float32`.
 */
export function dataTypeName(code: number): string {
  if (!isDataTypeCode(code)) return `type ${code}`;
  return DATA_TYPE_LAYOUTS.get(code)?.name ?? DataTypeCode[code].toLowerCase();
}
