/** Remembers, on a tensor of a batch itself, its replicas' rows that were copied to their devices ahead of the step. */
import type { RowRange } from '../distribute/split-batch.js';
import type { Tensor } from '@tensorflow/tfjs';

const ROWS = Symbol.for('mirrorscope.placedRows');

type PlacedTensor = Tensor & { [ROWS]?: Map<string, Tensor> };

const keyOf = ({ start, size }: RowRange): string => `${start}+${size}`;

/** Attaches rows to the tensor that they are of. They stay the caller's to release. */
export function setPlacedRows(tensor: Tensor, range: RowRange, rows: Tensor): void {
  const placed = tensor as PlacedTensor;
  placed[ROWS] ??= new Map();
  placed[ROWS].set(keyOf(range), rows);
}

/** The rows that were attached and not released, if any. */
export function placedRows(tensor: Tensor, range: RowRange): Tensor | undefined {
  const rows = (tensor as PlacedTensor)[ROWS]?.get(keyOf(range));
  return rows?.isDisposed === false ? rows : undefined;
}
