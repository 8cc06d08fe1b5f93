/** Counts the rows of a part of a batch. Pure. */
import type { Tensor } from '@tensorflow/tfjs';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { isTensor } from '../nest.js';

/**
 * Counts the rows.
 *
 * @param leaf - A leaf of an element of a dataset.
 * @returns Its size along the batch axis.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when it is no tensor with a batch axis.
 */
export function rowsOf(leaf: unknown): number {
  if (isTensor(leaf) && (leaf as Tensor).rank > 0) return (leaf as Tensor).shape[0];
  throw new MirrorscopeError(
    ErrorCode.InvalidArgument,
    'A dataset to distribute must yield tensors with a batch axis.',
    {
      hint: 'Call .batch(globalBatchSize) on the dataset first.',
    },
  );
}
