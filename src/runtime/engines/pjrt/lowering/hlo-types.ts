/** Values of a StableHLO program, and their types as text. Pure. */
import { ELEMENT_TYPES } from '../../../pjrt/element-types-table.js';
import { type DataTypeCode, dataTypeName } from '../../../tensorflow/data-types-table.js';

import { NoLoweringError } from './no-lowering-error.js';

/** An element type and a shape. */
export interface HloType {
  readonly dtype: DataTypeCode;
  readonly shape: readonly number[];
}

/** A value of a program. */
export interface HloValue extends HloType {
  /** As in `%7`. */
  readonly name: string;
}

/**
 * Names an element type.
 *
 * @param dtype - The element type.
 * @returns For example `f32`.
 * @throws {NoLoweringError} For types that XLA lacks, such as strings.
 */
export function elementName(dtype: DataTypeCode): string {
  const type = ELEMENT_TYPES.get(dtype);
  if (type === undefined) throw new NoLoweringError(`values of type ${dataTypeName(dtype)}`);
  return type.name;
}

/**
 * Writes a type.
 *
 * @param type - The type.
 * @returns For example `tensor<2x3xf32>`.
 */
export function typeText({ dtype, shape }: HloType): string {
  return `tensor<${[...shape.map(String), elementName(dtype)].join('x')}>`;
}

/**
 * Counts elements.
 *
 * @param shape - A shape.
 * @returns Their number.
 */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Finds the shape that two shapes broadcast to.
 *
 * @param one - A shape.
 * @param other - Another shape.
 * @returns Their common shape, by the rules of NumPy.
 */
export function broadcastShape(one: readonly number[], other: readonly number[]): number[] {
  const rank = Math.max(one.length, other.length);
  return Array.from({ length: rank }, (_, axis) => {
    const first = one[axis - rank + one.length] ?? 1;
    const second = other[axis - rank + other.length] ?? 1;
    return first === 1 ? second : first;
  });
}

/**
 * Counts an axis from the start.
 *
 * @param axis - An axis; negative ones count from the end.
 * @param rank - The number of axes.
 * @returns The axis, from 0.
 */
export function positiveAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
