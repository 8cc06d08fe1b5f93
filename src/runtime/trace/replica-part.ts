/** The part of one replica in a step. Types only. */
import type { StepBody } from './step-body.js';
import type { Tensor } from '@tensorflow/tfjs';

/** One replica's part of a step. */
export interface ReplicaPart {
  /** Its rows of the batch: tensors of 0 rows where it gets none. */
  readonly data: readonly Tensor[];
  /** Further values, on the replica's own device, from an earlier step. They follow the data. */
  readonly own?: readonly Tensor[];
  /** The number of examples in the batch of all replicas, where there is one. */
  readonly globalRows?: number;
  /**
   * Names the shapes and whatever else the body depends on: parts with the same key run the same function. It may
   * change when the body runs.
   */
  readonly key: string;
  readonly body: StepBody;
}
