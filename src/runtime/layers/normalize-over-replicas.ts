/**
 * Normalizes activations with the mean and variance of the global batch. All replicas make the same
 * all-reduces in the same order, forward and backward. Touches tensors only.
 */
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { Tensor } from '@tensorflow/tfjs';

import { differentiable } from '../tfjs/custom-gradient.js';

/** Adds each tensor over the replicas. */
export type SumOverReplicas = (tensors: readonly Tensor[]) => Tensor[];

/** The options of {@link normalizeOverReplicas}. */
export interface NormalizationOptions {
  /** The axes to normalize over: all except the feature axis. */
  readonly axes: readonly number[];
  readonly epsilon: number;
  readonly sum: SumOverReplicas;
  /**
   * Receives the mean and the (biased) variance of the global batch, with size 1 along `axes`. They are released
   * afterwards.
   */
  onMoments(mean: Tensor, variance: Tensor): void;
}

/**
 * Computes `(x - mean) / √(variance + epsilon)`, differentiable in x. Each replica's weight is its number of elements,
 * so replicas may have different numbers of rows.
 *
 * A second all-reduce sums the squared differences from the global mean. Sums of plain squares would need only one
 * all-reduce, but lose digits for inputs with a large mean. The gradient takes one all-reduce: with `n` elements per
 * feature, result `y` and deviation `s`, `dx = (dy - (Σdy + y · Σ(dy · y)) / n) / s`.
 *
 * @param tf - The TensorFlow.js to compute with.
 * @param input - Activations; may have 0 rows.
 * @param options - The axes, and how to add over replicas.
 * @returns The normalized activations.
 */
export function normalizeOverReplicas(tf: TensorFlowJs, input: Tensor, options: NormalizationOptions): Tensor {
  const { axes, epsilon, sum } = options;
  const overAxes = (tensor: Tensor): Tensor => tf.sum(tensor, [...axes], true);
  const normalize = differentiable(tf, (given, save) => {
    const own = overAxes(given);
    const [total, count] = sum([own, tf.scalar(given.size / own.size)]) as [Tensor, Tensor];
    const mean = tf.div(total, count);
    const centered = tf.sub(given, mean);
    const [squares] = sum([overAxes(tf.square(centered))]) as [Tensor];
    const variance = tf.div(squares, count);
    options.onMoments(mean, variance);
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const value = tf.mul(centered, inverse);
    save([value, inverse, count]);
    return {
      value,
      gradFunc: (upstream: Tensor, saved: Tensor[]) => {
        const [normalized, scale, elements] = saved as [Tensor, Tensor, Tensor];
        const [sums, products] = sum([overAxes(upstream), overAxes(tf.mul(upstream, normalized))]) as [Tensor, Tensor];
        const common = tf.div(tf.add(sums, tf.mul(normalized, products)), elements);
        return tf.mul(tf.sub(upstream, common), scale);
      },
    };
  });
  return normalize(input);
}
