/** Tells a function that makes a dataset which process it runs in. Pure. */
import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';

/**
 * The process and the replicas for which a function makes a dataset, as `tf.distribute.InputContext`.
 *
 * @example
 * ```js
 * strategy.distributeDatasetsFromFunction((context) =>
 *   tf.data.array(rows).batch(context.getPerReplicaBatchSize(64)),
 * );
 * ```
 */
export class InputContext {
  /** The number of processes that make input. */
  readonly numInputPipelines: number;
  /** The number of this process among them, from 0. */
  readonly inputPipelineId: number;
  /** The number of replicas of the strategy, over all processes. */
  readonly numReplicasInSync: number;

  /** @param parts - The values of the members. */
  constructor(parts: { numInputPipelines: number; inputPipelineId: number; numReplicasInSync: number }) {
    this.numInputPipelines = parts.numInputPipelines;
    this.inputPipelineId = parts.inputPipelineId;
    this.numReplicasInSync = parts.numReplicasInSync;
  }

  /**
   * The batch size of one replica.
   *
   * @param globalBatchSize - The number of examples in a batch of all replicas.
   * @returns The number of examples in a batch of one replica.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when the global batch size is not a multiple of the replica count.
   */
  getPerReplicaBatchSize(globalBatchSize: number): number {
    if (globalBatchSize % this.numReplicasInSync === 0) return globalBatchSize / this.numReplicasInSync;
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      `The global batch size ${globalBatchSize} is not a multiple of ${this.numReplicasInSync} replicas.`,
    );
  }
}
