/** How replicas exchange tensors inside a traced step. Data only; the words are those of `tf.distribute.experimental.CommunicationOptions`. */

export interface CommunicationOptions {
  /** Gradients are sent in packs of at most this many bytes, the last layer's first; 0: all in one. */
  readonly bytesPerPack: number;
  /**
   * A collective that waits longer fails on every replica; 0: waits for ever. TensorFlow keeps a thread asleep for that time for each
   * collective of each step, so hundreds of steps a second with a timeout of minutes run the process out of threads.
   */
  readonly timeoutSeconds: number;
  /** TensorFlow's `communication_hint`. */
  readonly implementation: 'auto' | 'ring' | 'nccl';
}

/**
 * One pack of 4 MiB keeps small models at one collective a step and lets large ones overlap it with the
 * backward pass.
 */
export const DEFAULT_COMMUNICATION: CommunicationOptions = { bytesPerPack: 4 << 20, timeoutSeconds: 0, implementation: 'auto' };
