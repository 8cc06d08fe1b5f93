/**
 * Gradients of sums and means that spread a value by an op. TensorFlow.js multiplies it by ones that it makes on the host, as
 * large as what was summed: with large batches a recording spent most of its time and memory on them.
 * Touches tfjs's registry of gradients for as long as it is told to.
 */
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { GradConfig, Tensor } from '@tensorflow/tfjs';

interface Reduction {
  readonly axis: number | number[];
}

/**
 * Replaces the gradients of `Sum` and `Mean` by others with the same values (tfjs-core: gradients/Sum_grad.ts, Mean_grad.ts).
 * @returns A function that puts back those that were there.
 */
export function useBroadcastGradients(tf: TensorFlowJs): () => void {
  const spread = (dy: Tensor, x: Tensor, axes: readonly number[]): Tensor => {
    const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    return tf
      .engine()
      .runKernel(tf.BroadcastTo, { x: tf.reshape(dy, kept) }, { shape: x.shape, inputShape: kept }) as Tensor;
  };
  const gradient = (
    kernelName: string,
    of: (dy: Tensor, x: Tensor, axes: readonly number[]) => Tensor,
  ): GradConfig => ({
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const summed = x as Tensor;
      const axes = tf.util.parseAxisParam((attributes as unknown as Reduction).axis, summed.shape);
      return { x: () => of(dy as Tensor, summed, axes) };
    },
  });
  const count = (x: Tensor, axes: readonly number[]): number =>
    axes.reduce((product, axis) => product * (x.shape[axis] as number), 1);
  const undo = [
    replaceGradient(tf, gradient(tf.Sum, spread)),
    replaceGradient(
      tf,
      gradient(tf.Mean, (dy, x, axes) => tf.div(spread(dy, x, axes), count(x, axes))),
    ),
  ];
  return () => {
    undo.forEach((each) => {
      each();
    });
  };
}

function replaceGradient(tf: TensorFlowJs, config: GradConfig): () => void {
  const before = tf.getGradient(config.kernelName);
  if (before === undefined) return () => undefined;
  tf.registerGradient(config);
  return () => {
    tf.registerGradient(before);
  };
}
