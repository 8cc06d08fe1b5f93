/**
 * Gradients of `Sum` and `Mean` that broadcast a value with one op. TensorFlow.js multiplies the value by ones that it
 * makes on the host, as large as the tensor that was summed: with large batches they took most of a recording's time
 * and memory. Touches tfjs's registry of gradients until the caller undoes it.
 */
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { GradConfig, Tensor } from '@tensorflow/tfjs';

import { reductionAxes, replaceGradient } from '../tfjs/gradient-registry.js';

/** The gradient of `x`, reduced over `axes`, from the gradient of the result. */
type ReductionGradient = (dy: Tensor, x: Tensor, axes: readonly number[]) => Tensor;

/**
 * Replaces the gradients of `Sum` and `Mean` with ones that give the same values (tfjs-core: gradients/Sum_grad.ts,
 * Mean_grad.ts).
 *
 * @param tf - The TensorFlow.js whose registry to change.
 * @returns A function that puts the old gradients back.
 */
export function useBroadcastGradients(tf: TensorFlowJs): () => void {
  const broadcast: ReductionGradient = (dy, x, axes) => {
    const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    return tf.engine().runKernel(tf.BroadcastTo, { x: tf.reshape(dy, kept) }, { shape: x.shape, inputShape: kept });
  };
  const mean: ReductionGradient = (dy, x, axes) => tf.div(broadcast(dy, x, axes), elementCount(x, axes));
  const undo = [
    replaceGradient(tf, gradientOf(tf, tf.Sum, broadcast)),
    replaceGradient(tf, gradientOf(tf, tf.Mean, mean)),
  ];
  return () => {
    for (const restore of undo) restore();
  };
}

function gradientOf(tf: TensorFlowJs, kernelName: string, gradient: ReductionGradient): GradConfig {
  return {
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      if (x === undefined || Array.isArray(dy)) throw new TypeError(`${kernelName} has one input and one output`);
      const axes = tf.util.parseAxisParam(reductionAxes(attributes), x.shape);
      return { x: () => gradient(dy, x, axes) };
    },
  };
}

function elementCount(x: Tensor, axes: readonly number[]): number {
  return axes.reduce((product, axis) => product * (x.shape[axis] ?? 1), 1);
}
