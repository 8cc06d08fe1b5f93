/**
 * Stores on a tensor of a batch the rows that were copied to the replicas' devices ahead of the step. Touches the
 * tensor.
 */
import type { RowRange } from '../distribute/split-batch.js';
import type { Tensor } from '@tensorflow/tfjs';

const ROWS = Symbol.for('mirrorscope.placedRows');

interface PlacedTensor extends Tensor {
  [ROWS]?: Map<string, Tensor> | undefined;
}

const keyOf = ({ start, size }: RowRange): string => `${start}+${size}`;

/** Stores some rows of a tensor. The caller still owns them. */
export function setPlacedRows(tensor: Tensor, range: RowRange, rows: Tensor): void {
  const placed = tensor as PlacedTensor;
  placed[ROWS] ??= new Map();
  placed[ROWS].set(keyOf(range), rows);
}

/** Finds stored rows; undefined if there are none, or they were released. */
export function placedRows(tensor: Tensor, range: RowRange): Tensor | undefined {
  const rows = (tensor as PlacedTensor)[ROWS]?.get(keyOf(range));
  return rows?.isDisposed === false ? rows : undefined;
}
