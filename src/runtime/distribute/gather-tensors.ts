/** Concatenates tensors of several replicas. Touches tensors only. */
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { GatheredTensor } from './ports/replica-runner.js';
import type { Tensor } from '@tensorflow/tfjs';

/**
 * Concatenates the tensors of replicas.
 *
 * @param tf - The TensorFlow.js to compute with.
 * @param tensors - One for each replica, at least one; some may have no elements.
 * @param axis - The axis; negative axes count from the last.
 * @returns A new tensor.
 */
export function concatenate(tf: TensorFlowJs, tensors: readonly Tensor[], axis: number): Tensor {
  // Not every kernel of TensorFlow.js concatenates tensors without elements.
  const filled = tensors.filter((tensor) => tensor.shape.at(axis) !== 0);
  const [first = tensors[0]] = filled;
  if (first === undefined) throw new RangeError('no tensors to concatenate');
  return filled.length > 1 ? tf.concat(filled, axis) : tf.clone(first);
}

/** Finds the index along `axis` at which each tensor begins in the concatenation. */
function startsOf(tensors: readonly Tensor[], axis: number): number[] {
  let next = 0;
  return tensors.map(({ shape }) => {
    const start = next;
    next += shape.at(axis) ?? 0;
    return start;
  });
}

/** Implements an all-gather by `mergeCall`: `join` concatenates the tensors of the replicas. */
export function gatherByMerge(
  tf: TensorFlowJs,
  index: number,
  mergeCall: (value: unknown, merge: (values: readonly unknown[]) => unknown) => unknown,
  join: (tensors: readonly Tensor[], axis: number) => { value: Tensor; starts: readonly number[] } = (
    tensors,
    axis,
  ) => ({
    value: concatenate(tf, tensors, axis),
    starts: startsOf(tensors, axis),
  }),
): (tensor: Tensor, axis: number) => GatheredTensor {
  return (tensor, axis) => {
    const merged = mergeCall([tensor], (given) => {
      const tensors = (given as readonly (readonly Tensor[])[]).flat();
      const { value, starts } = join(tensors, axis);
      return [value, starts];
    });
    const [value, starts] = merged as readonly [Tensor, readonly number[]];
    return { value, start: starts[index] ?? 0 };
  };
}
