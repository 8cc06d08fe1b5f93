/**
 * What TensorFlow.js computes on its own backend and, through a lowering, on XLA. Each case names the ops of TensorFlow
 * that its recording has, at least.
 */
import { ARRAYS, INDEXED, REDUCTIONS } from './array-cases-table.js';
import { ELEMENT_WISE } from './element-wise-cases-table.js';
import { type LoweringCase } from './lowering-case.js';
import { PRODUCTS, WINDOWS } from './window-cases-table.js';

export const LOWERING_CASES: readonly LoweringCase[] = [
  ...ELEMENT_WISE,
  ...REDUCTIONS,
  ...ARRAYS,
  ...INDEXED,
  ...PRODUCTS,
  ...WINDOWS,
];

/**
 * Cases in which TensorFlow.js's own backend differs from TensorFlow: it gives integers, broadcasts wrongly, divides by
 * the whole window where a part is padding, takes zeros of the padding for
 * elements, or gives gradients to the first image only.
 */
export const DIFFERENT_IN_TFJS: ReadonlySet<string> = new Set([
  'floorDiv',
  'floorDiv of integers',
  'matMul of stacks',
  'gradient of avgPool 2x2 by 2x2, same',
  'gradient of avgPool 3x2 by 2x1, same',
  'gradient of MaxPool3D',
  'gradient of AvgPool3D',
  'gradient of resizeNearestNeighbor to 10x12',
  'gradient of resizeNearestNeighbor to 10x12, aligned corners',
  'gradient of resizeNearestNeighbor to 3x7',
  'gradient of resizeNearestNeighbor to 3x7, aligned corners',
  'gradient of resizeNearestNeighbor to 1x4',
  'gradient of resizeNearestNeighbor to 1x4, aligned corners',
]);
