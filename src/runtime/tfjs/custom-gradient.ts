/**
 * `tf.customGrad` with types that say what it does. Touches nothing.
 * Relies on tfjs-core 4.22, gradients.ts: the `save` that the function gets takes a list of tensors.
 */
import type { TensorFlowJs } from './load-tfjs.js';
import type { Tensor } from '@tensorflow/tfjs';

/** A function of one tensor, with its gradient. */
export interface ValueAndGradient {
  readonly value: Tensor;
  /** The gradient of the input, from the gradient of the value and the saved tensors. */
  gradFunc(upstream: Tensor, saved: Tensor[]): Tensor;
}

/**
 * Makes a differentiable function of one tensor.
 *
 * @param tf - The TensorFlow.js that differentiates.
 * @param compute - Computes the value; passes the tensors that the gradient needs to `save`.
 * @returns The function.
 */
export function differentiable(
  tf: TensorFlowJs,
  compute: (x: Tensor, save: (tensors: Tensor[]) => void) => ValueAndGradient,
): (x: Tensor) => Tensor {
  return tf.customGrad((x, save) => compute(x as Tensor, save as unknown as (tensors: Tensor[]) => void));
}
