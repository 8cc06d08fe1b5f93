/** Remembers which tensors are results of an all-reduce. */
import type { Tensor } from '@tensorflow/tfjs';

const REDUCED = new WeakSet<Tensor>();

/** Marks results of an all-reduce. */
export function markReduced(tensors: readonly Tensor[]): void {
  for (const tensor of tensors) REDUCED.add(tensor);
}

/** Tells whether a tensor is the result of an all-reduce. */
export function isReduced(tensor: Tensor): boolean {
  return REDUCED.has(tensor);
}
