/** How replicas exchange tensors inside a traced step. Data only. */

/** Options named as in `tf.distribute.experimental.CommunicationOptions`. */
export interface CommunicationOptions {
  /** Gradients travel in packs of at most this many bytes, the last layer's first. 0: all in one pack. */
  readonly bytesPerPack: number;
  /**
   * A step fails on every replica when one replica waits longer than this in one collective. 0: wait without limit.
   * Computing does not count as waiting. The failure may come later by an eighth of the time, at most by 5 s.
   */
  readonly timeoutSeconds: number;
  /** TensorFlow's `communication_hint`. */
  readonly implementation: 'auto' | 'ring' | 'nccl';
  /**
   * The type in which the gradients of `fit` travel between replicas. They are added up in `float32` (on GPUs, in this
   * type), and every replica gets the same sums. In 16 bits, each value and each sum is rounded: to 11 significant bits
   * as `float16`, in which values above 65504 become infinite, or to 8 as `bfloat16`.
   */
  readonly gradientType: GradientType;
}

/** A type in which gradients travel. */
export type GradientType = 'float32' | 'float16' | 'bfloat16';

/**
 * Packs of 4 MiB give small models one collective for each step, and let those of large models overlap with the
 * backward pass. Replicas of one process are rarely minutes apart; the first step, which each replica compiles for
 * itself, may take some seconds.
 */
export const DEFAULT_COMMUNICATION: CommunicationOptions = {
  bytesPerPack: 4 << 20,
  timeoutSeconds: 300,
  implementation: 'auto',
  gradientType: 'float32',
};
