/**
 * Checks of numbers and shapes before TensorFlow receives them: a C call neither knows the length of an array nor what
 * 2 ** 31 wraps to, and TensorFlow ends the process for some shapes. Reads the size of the memory.
 */
import { totalmem } from 'node:os';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { DATA_TYPE_LAYOUTS, type DataTypeCode, dataTypeName } from './data-types-table.js';

const MAX_INT32 = 2 ** 31 - 1;
const MIN_INT32 = -(2 ** 31);
/** `TensorShape::MaxDimensions()`. */
export const MAX_RANK = 254;

/**
 * Checks a size, an axis, an index or another integer. Fractions pass: they are truncated, as in tfjs-node.
 *
 * @param value - The number.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when it is no number, NaN, or does not fit into `int32`.
 */
export function checkInt32(value: unknown): void {
  if (typeof value === 'number' && value >= MIN_INT32 && value < MAX_INT32 + 1) return;
  throw new MirrorscopeError(
    ErrorCode.InvalidArgument,
    `${describe(value)} is not a 32-bit integer, which sizes, axes and indices must be.`,
    { hint: 'Check the sizes, axes and indices that the operation was called with.' },
  );
}

/**
 * Checks an integer that may exceed 32 bits.
 *
 * @param value - The number.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when it is no integer that a JavaScript number holds exactly.
 */
export function checkInteger(value: unknown): void {
  if (Number.isSafeInteger(value)) return;
  throw new MirrorscopeError(ErrorCode.InvalidArgument, `${describe(value)} is not an integer up to 2 ** 53 - 1.`);
}

/**
 * Checks that something is a number; NaN is one.
 *
 * @param value - The number.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when it is something else.
 */
export function checkNumber(value: unknown): void {
  if (typeof value === 'number') return;
  throw new MirrorscopeError(ErrorCode.InvalidArgument, `${describe(value)} is not a number.`);
}

function describe(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'string')
    return JSON.stringify(value) === 'null' ? String(value) : JSON.stringify(value);
  return value === undefined || value === null ? String(value) : `a value of type ${typeof value}`;
}

/**
 * Computes the number of elements of a shape.
 *
 * @param shape - The shape.
 * @returns The product of its sizes.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when a size is not an integer from 0 to 2 ** 31 - 1, or there are more
 *   axes than TensorFlow supports.
 */
export function elementCountOf(shape: readonly number[]): number {
  if (shape.length > MAX_RANK) {
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      `A tensor cannot have rank ${shape.length}: TensorFlow supports ranks up to ${MAX_RANK}.`,
    );
  }
  let count = 1;
  let nonZero = 1;
  for (const size of shape) {
    if (!Number.isInteger(size) || size < 0 || size > MAX_INT32) throw impossibleShape(shape);
    count *= size;
    nonZero *= Math.max(1, size);
  }
  // TensorFlow multiplies the sizes in 64 bits, and ends the process when they do not fit, whatever the order.
  if (nonZero > Number.MAX_SAFE_INTEGER) throw impossibleShape(shape);
  return count;
}

/** Each result is an object, in TensorFlow and here. */
const MAX_RESULTS = 2 ** 20;

/**
 * Checks the number of results of an op. An axis without elements can be divided into any number of parts.
 *
 * @param op - Name of the op.
 * @param count - The number.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when there are too many to make.
 */
export function checkResultCount(op: string, count: number): void {
  if (count <= MAX_RESULTS) return;
  throw new MirrorscopeError(
    ErrorCode.InvalidArgument,
    `${op}: ${count} results are too many: at most ${MAX_RESULTS} are possible.`,
    { hint: 'Check the number of parts, and the size of the axis.' },
  );
}

function impossibleShape(shape: readonly unknown[]): MirrorscopeError {
  return new MirrorscopeError(
    ErrorCode.InvalidArgument,
    `A tensor cannot have the shape [${shape.map(describe).join(',')}]: every size must be an integer from 0 to 2147483647, and the product must fit into memory.`,
  );
}

const GIBIBYTE = 2 ** 30;

/**
 * The memory that one tensor may take at most. Below a gibibyte nothing is refused, so the limit need not be known.
 *
 * @returns The memory of the machine, or of the container if that is less, in bytes.
 */
function memoryLimit(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/**
 * Checks that the result of an op can fit into memory. TensorFlow reports what the system cannot allocate, but a system
 * that promises more memory than it has ends the process instead.
 *
 * @param op - Name of the op.
 * @param elements - The number of elements of its result.
 * @param dtype - The element type.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when it cannot.
 */
export function checkFits(op: string, elements: number, dtype: DataTypeCode): void {
  const bytes = elements * (DATA_TYPE_LAYOUTS.get(dtype)?.bytes ?? 1);
  if (bytes < GIBIBYTE || bytes <= memoryLimit()) return;
  throw new MirrorscopeError(
    ErrorCode.InvalidArgument,
    `${op}: a ${dataTypeName(dtype)} tensor of ${elements} elements needs ${Math.ceil(bytes / GIBIBYTE)} GiB, more than the machine has.`,
    { hint: 'Check the sizes that the operation was called with.' },
  );
}
