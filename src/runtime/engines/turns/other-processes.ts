/** What replicas that run in turns exchange with those of other processes. Types only. */
import type { ReduceOp } from '../../distribute/reduce-op.js';
import type { Tensor, Variable } from '@tensorflow/tfjs';

/** Tensors of all replicas, joined. */
export interface JoinedTensors {
  readonly value: Tensor;
  /** The index at which the tensor of each local replica begins. */
  readonly starts: readonly number[];
}

/** The replicas of the other processes. Every process must make the same calls in the same order. */
export interface OtherProcesses {
  /** Combines the tensors of the local replicas with those of the others. */
  reduce(operation: ReduceOp, tensors: readonly Tensor[]): Tensor;
  /** Returns the tensor that the process of replica 0 passes. */
  fromFirst(tensor: Tensor): Tensor;
  /** Concatenates the tensors of all replicas along an axis, in replica order. */
  join(tensors: readonly Tensor[], axis: number): JoinedTensors;
  /**
   * Gives variables that the replicas wrote the mean over all processes. Types without a mean get the value of the
   * process of replica 0.
   */
  agreeOnWrites(variables: readonly Variable[]): void;
}
