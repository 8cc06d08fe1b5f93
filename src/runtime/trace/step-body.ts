/** The code of a step, and what it gets while it is recorded. Types only. */
import type { AllReduce } from './recorded-all-reduce.js';
import type { Tensor } from '@tensorflow/tfjs';

/** One recording of a step on one replica. */
export interface StepRecording {
  /**
   * The replica's rows of the batch, then its further values. Each is a parameter of the function that the recording
   * becomes.
   */
  readonly data: readonly Tensor[];
  /** Writes collectives into the recording. */
  readonly allReduce: AllReduce;
  /**
   * Asks which tensors may differ between replicas, by what has been recorded so far.
   *
   * @param tensors - Results of the recording.
   * @param withHostValues - Whether values that code made on the host count as different.
   * @returns One answer for each tensor.
   */
  varying(tensors: readonly Tensor[], withHostValues: boolean): boolean[];
}

/** The code of a step. Returns tensors; may write variables. */
export type StepBody = (recording: StepRecording) => readonly Tensor[];
