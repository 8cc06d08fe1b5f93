/** Predicts for many examples, batch by batch. Touches tensors only. */
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { Tensor } from '@tensorflow/tfjs';

import { sliceBatch, stepRows } from './replica-batch.js';

/**
 * Predicts for all examples of `inputs`.
 *
 * @param tf - The TensorFlow.js to compute with.
 * @param inputs - One tensor for each input of the model, with the examples along the first axis.
 * @param batchSize - The number of examples in a batch.
 * @param predictBatch - Predicts for at most `batchSize` examples: one tensor for each output of the model.
 * @returns One tensor for each output, or the tensor itself when there is one output.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when there are no examples.
 */
export function predictInBatches(
  tf: TensorFlowJs,
  inputs: Tensor | Tensor[],
  batchSize: number,
  predictBatch: (inputs: Tensor[]) => Tensor[],
): Tensor | Tensor[] {
  return tf.tidy(() => {
    const list = [inputs].flat();
    const rows = stepRows(list);
    const batches: Tensor[][] = [];
    for (let start = 0; start < rows; start += batchSize) {
      const size = Math.min(batchSize, rows - start);
      batches.push(tf.tidy(() => predictBatch(size === rows ? list : sliceBatch(tf, list, { start, size }))));
    }
    const [first = [], ...others] = batches;
    const outputs = first.map((output, index) =>
      others.length === 0 ? output : tf.concat([output, ...others.flatMap((batch) => batch[index] ?? [])]),
    );
    const [only] = outputs;
    return outputs.length === 1 && only !== undefined ? only : outputs;
  });
}
