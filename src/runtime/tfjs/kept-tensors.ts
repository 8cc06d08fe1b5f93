/**
 * Tensors that outlive the `tf.tidy` in which they are made. Hooks the engine's `keep` on request.
 * Relies on tfjs-core 4.22, engine.ts: `keep` sets `kept`, and the end of a tidy scope spares tensors with `kept`.
 */
import type { TensorFlowJs } from './load-tfjs.js';
import type { Tensor } from '@tensorflow/tfjs';

import { overrideProperty } from './override-property.js';

/** The tensors that code keeps while it is watched. */
export interface KeptTensors {
  /** Grows until {@link stop} is called. */
  readonly kept: readonly Tensor[];
  stop(): void;
}

/**
 * Collects the tensors that code passes to `tf.keep` from now on.
 *
 * @param tf - The TensorFlow.js that the code uses.
 * @returns The list, and how to stop.
 */
export function collectKept(tf: TensorFlowJs): KeptTensors {
  const kept: Tensor[] = [];
  const engine = tf.engine();
  const keep = engine.keep.bind(engine);
  const stop = overrideProperty(engine, 'keep', (tensor) => {
    kept.push(tensor);
    return keep(tensor);
  });
  return { kept, stop };
}

/**
 * Copies a tensor so that the copy survives every tidy scope, without a call of `tf.keep`: {@link collectKept} does not
 * see it, so releasing the collected tensors does not release this one.
 *
 * @param tf - The TensorFlow.js that owns the tensor.
 * @param tensor - Shares its buffer with the copy: tensors never change, so the copy costs no memory.
 * @returns The copy. The caller disposes of it.
 */
export function keepCopy(tf: TensorFlowJs, tensor: Tensor): Tensor {
  const copy = tf.clone(tensor) as Tensor & { kept: boolean };
  copy.kept = true;
  return copy;
}
