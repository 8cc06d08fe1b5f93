/**
 * Whether TensorFlow.js records operations for a gradient. Reads the engine.
 * Relies on tfjs-core 4.22, engine.ts: `isTapeOn`.
 */
import type { TensorFlowJs } from './load-tfjs.js';

/**
 * Asks whether a gradient is being computed around the running code.
 *
 * @param tf - The TensorFlow.js that runs the operations.
 * @returns True inside `tf.grad`, `tf.variableGrads`, `optimizer.minimize` and the like.
 */
export function isTapeOn(tf: TensorFlowJs): boolean {
  return tf.engine().isTapeOn();
}
