/**
 * Replaces registered gradients of kernels. Touches TensorFlow.js's registry of gradients until the caller undoes it.
 * Relies on tfjs-core 4.22, kernel_registry.ts: `getGradient` finds nothing for an unknown kernel, although its type
 * says otherwise.
 */
import type { TensorFlowJs } from './load-tfjs.js';
import type { GradConfig } from '@tensorflow/tfjs';

/**
 * Registers another gradient for a kernel that has one.
 *
 * @param tf - The TensorFlow.js whose registry to change.
 * @param config - The new gradient and the kernel that it belongs to.
 * @returns A function that puts the old gradient back.
 */
export function replaceGradient(tf: TensorFlowJs, config: GradConfig): () => void {
  const before = tf.getGradient(config.kernelName) as GradConfig | undefined;
  if (before === undefined) return () => undefined;
  tf.registerGradient(config);
  return () => {
    tf.registerGradient(before);
  };
}

/**
 * Reads the axes of a reduction from the attributes of its kernel.
 *
 * @param attributes - What a gradient function of `Sum`, `Mean` and the like gets.
 * @returns One axis or several; negative ones count from the last.
 */
export function reductionAxes(attributes: Parameters<GradConfig['gradFunc']>[2]): number | number[] {
  return (attributes as unknown as { readonly axis: number | number[] }).axis;
}
