/** Writes constants of a StableHLO program: with the exact bits of every element. Pure. */
import type { HostValues } from '../../../tensorflow/op-executor.js';

import { DATA_TYPE_LAYOUTS, DataTypeCode, type HostArrayConstructor } from '../../../tensorflow/data-types-table.js';

const IS_FLOAT: ReadonlySet<DataTypeCode> = new Set([
  DataTypeCode.Half,
  DataTypeCode.BFloat16,
  DataTypeCode.Float,
  DataTypeCode.Double,
]);

function littleEndianHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase();
}

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** One number. Hexadecimal digits keep infinities, NaN and every bit of a float. */
function scalarText(values: ArrayLike<number | bigint> & ArrayBufferView, dtype: DataTypeCode): string {
  if (dtype === DataTypeCode.Bool) return values[0] === 0 ? 'false' : 'true';
  if (!IS_FLOAT.has(dtype)) return String(values[0]);
  return `0x${littleEndianHex(Uint8Array.from(bytesOf(values)).reverse())}`;
}

function isSplat(values: ArrayLike<unknown>): boolean {
  for (let index = 1; index < values.length; index++) if (!Object.is(values[index], values[0])) return false;
  return values.length > 0;
}

/**
 * Writes the elements of a constant.
 *
 * @param values - The elements. Plain numbers become elements of the type.
 * @param dtype - Their type.
 * @returns What stands in `dense<…>`.
 */
export function denseText(values: HostValues | readonly number[], dtype: DataTypeCode): string {
  const layout = DATA_TYPE_LAYOUTS.get(dtype);
  if (layout === undefined) throw new TypeError('a constant must be of numbers');
  const array = (ArrayBuffer.isView(values) ? values : toArray(layout.array, values as readonly number[])) as ArrayLike<
    number | bigint
  > &
    ArrayBufferView & { subarray(start: number, end: number): typeof array };
  if (array.length === 0) return '';
  if (isSplat(array)) return scalarText(array.subarray(0, 1), dtype);
  // One bit per element would be needed in hexadecimal digits.
  if (dtype === DataTypeCode.Bool) return `[${Array.from(array, (value) => (value === 0 ? 'false' : 'true')).join()}]`;
  return `"0x${littleEndianHex(bytesOf(array))}"`;
}

function toArray(array: HostArrayConstructor, values: readonly number[]): ArrayBufferView {
  if (array === BigInt64Array || array === BigUint64Array) return array.from(values.map(BigInt));
  return (array as Float32ArrayConstructor).from(values);
}
