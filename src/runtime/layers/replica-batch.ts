/** Slices one replica's rows out of a batch. Touches tensors only. */
import type { RowRange } from '../distribute/split-batch.js';
import type { BatchData } from '../tfjs/layers-model.js';
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { Tensor } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { placedRows } from './placed-rows.js';

/** Counts the examples in a batch. */
export function batchRows(data: BatchData): number {
  return data.find((tensor) => tensor !== null && tensor !== undefined)?.shape[0] ?? 0;
}

/**
 * Counts the examples in the batch of a step.
 *
 * @param data - The batch.
 * @returns The number of examples.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` for an empty batch, which has no mean: TensorFlow.js would make every
 *   weight `NaN`.
 */
export function stepRows(data: BatchData): number {
  const rows = batchRows(data);
  if (rows > 0) return rows;
  throw new MirrorscopeError(ErrorCode.InvalidArgument, 'The batch has no rows.', {
    hint: 'Leave empty batches out of the data.',
  });
}

/** Slices a range of rows out of every tensor. Missing entries stay missing. */
export function sliceBatch<Data extends BatchData>(tf: TensorFlowJs, data: Data, { start, size }: RowRange): Data {
  return data.map((tensor) => tensor && rowsOf(tf, tensor, { start, size })) as unknown as Data;
}

function rowsOf(tf: TensorFlowJs, tensor: Tensor, range: RowRange): Tensor {
  const placed = placedRows(tensor, range);
  return placed === undefined ? tf.slice(tensor, [range.start], [range.size]) : tf.clone(placed);
}
