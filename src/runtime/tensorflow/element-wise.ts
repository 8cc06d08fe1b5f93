/** Computes the result shape of element-wise ops before they run. Pure. */
import type { Handle, OpInput } from './op-executor.js';

const ELEMENT_WISE = new Set(['AddV2', 'Sub', 'Mul', 'RealDiv', 'Maximum', 'Minimum', 'Neg', 'Sqrt', 'Square']);

function broadcast(one: readonly number[], other: readonly number[]): readonly number[] | undefined {
  const rank = Math.max(one.length, other.length);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const a = one[axis - rank + one.length] ?? 1;
    const b = other[axis - rank + other.length] ?? 1;
    if (a !== b && a !== 1 && b !== 1) return undefined;
    shape.push(a === 1 ? b : a);
  }
  return shape;
}

/**
 * Computes the shape of an element-wise op's result by broadcasting.
 *
 * @param op - Name of the op.
 * @param inputs - Its inputs.
 * @returns The shape; undefined for any other op, and when the inputs cannot be broadcast.
 */
export function elementWiseShape(op: string, inputs: readonly OpInput[]): readonly number[] | undefined {
  if (!ELEMENT_WISE.has(op)) return undefined;
  const shapes = inputs.map((input) => (input as Handle).shape);
  const [first = [], second] = shapes;
  return second === undefined ? first : broadcast(first, second);
}
