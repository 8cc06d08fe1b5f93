/** What a function that makes a dataset is told about where it runs. */
import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';

/** As `tf.distribute.InputContext`. */
export class InputContext {
  /** How many processes make input. */
  readonly numInputPipelines: number;
  /** Which of them this is. */
  readonly inputPipelineId: number;
  readonly numReplicasInSync: number;

  constructor(parts: { numInputPipelines: number; inputPipelineId: number; numReplicasInSync: number }) {
    this.numInputPipelines = parts.numInputPipelines;
    this.inputPipelineId = parts.inputPipelineId;
    this.numReplicasInSync = parts.numReplicasInSync;
  }

  /**
   * The batch size of one replica.
   *
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when the global batch size is no multiple of the replica count.
   */
  getPerReplicaBatchSize(globalBatchSize: number): number {
    if (globalBatchSize % this.numReplicasInSync === 0) return globalBatchSize / this.numReplicasInSync;
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      `The global batch size ${globalBatchSize} is no multiple of ${this.numReplicasInSync} replicas.`,
    );
  }
}
