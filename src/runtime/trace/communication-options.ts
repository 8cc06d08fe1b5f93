/** How replicas exchange tensors inside a traced step. Data only; the words are those of `tf.distribute.experimental.CommunicationOptions`. */

export interface CommunicationOptions {
  /** Gradients are sent in packs of at most this many bytes, the last layer's first; 0: all in one. */
  readonly bytesPerPack: number;
  /**
   * A step of which a replica waits longer in one collective, from its coming there, fails on every replica; 0: waits for ever. A replica that
   * computes does not wait, however long it takes. Noticed up to an eighth of the time later, at most 5 s.
   */
  readonly timeoutSeconds: number;
  /** TensorFlow's `communication_hint`. */
  readonly implementation: 'auto' | 'ring' | 'nccl';
}

/**
 * One pack of 4 MiB keeps small models at one collective a step and lets large ones overlap it with the
 * backward pass. Replicas of one process are rarely minutes apart; a first step, which each replica compiles for itself, may be some seconds.
 */
export const DEFAULT_COMMUNICATION: CommunicationOptions = {
  bytesPerPack: 4 << 20,
  timeoutSeconds: 300,
  implementation: 'auto',
};
