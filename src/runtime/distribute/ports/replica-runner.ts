/** The port through which a strategy runs its replicas on an engine. Types only. */
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { Combination } from '../combination.js';
import type { CrossDeviceOps } from '../cross-device-ops.js';
import type { DistributionStrategy } from '../distribution-strategy.js';
import type { ReduceOp } from '../reduce-op.js';
import type { ReplicaTopology } from '../replica-topology.js';
import type { AnyFunction } from '../traced-function.js';
import type { Tensor } from '@tensorflow/tfjs';

/** A change of variables that the replicas make together. */
export interface ReplicaUpdate {
  /** What the user's code called, for messages. */
  readonly name: string;
  readonly combination: Combination;
  /** This replica's tensors. */
  readonly tensors: readonly Tensor[];
  /** Writes variables, once for all replicas of this process. Every replica sees the new values. */
  readonly apply: (combined: readonly Tensor[]) => void;
}

/** The channel through which a running replica communicates with the others. Each replica of each task has its own. */
export interface ReplicaChannel {
  /**
   * Combines each tensor with the tensors that the other replicas pass at the same point of the program.
   *
   * @returns New tensors on this replica.
   */
  allReduce(operation: ReduceOp, tensors: readonly Tensor[]): Tensor[];
  /** Concatenates this tensor with those of the other replicas along `axis`, in replica order. */
  allGather(tensor: Tensor, axis: number): GatheredTensor;
  /**
   * Waits for the replicas of this process, calls `merge` once with the values that they passed, and returns its result
   * to each.
   */
  mergeCall<Result>(value: unknown, merge: (values: readonly unknown[]) => Result): Result;
  /** Combines tensors with those of the other replicas, and changes variables with the result. */
  update(update: ReplicaUpdate): void;
}

/** The result of an all-gather, as one replica sees it. */
export interface GatheredTensor {
  readonly value: Tensor;
  /** The index along the axis at which this replica's own tensor begins. */
  readonly start: number;
}

/** The replicas that communicate, and how they combine tensors. */
export interface ReplicaGroup {
  readonly topology: ReplicaTopology;
  readonly crossDeviceOps: CrossDeviceOps;
}

/** One synchronous function to run once on each of some local replicas. */
export interface ReplicaTask<Result> extends ReplicaGroup {
  /** The local replicas that take part, ascending. The others are idle. */
  readonly replicaIds: readonly number[];
  /**
   * Does the work of one replica. It sees every variable as it was before the task, and no other replica sees its
   * writes until all replicas are done. Tensors that it does not return are released.
   */
  body(replicaId: number, channel: ReplicaChannel): Result;
}

/** One call of a traced function on all replicas of a strategy. */
export interface ReplicaFunctionCall {
  readonly strategy: DistributionStrategy;
  /** The function that was passed to `tfFunction`. */
  readonly fn: AnyFunction;
  argumentsOf(replicaId: number): readonly unknown[];
  /** Computes the same, replica by replica and operation by operation. */
  eager(): unknown[];
}

/** Runs the replicas of this process on its devices. */
export interface ReplicaRunner {
  readonly name: string;
  /** The TensorFlow.js whose operations run on this engine. */
  readonly tf: TensorFlowJs;
  /** Whether operations are being recorded for a TensorFlow function. */
  readonly isRecording?: boolean;
  /**
   * Runs a task. Afterwards, a variable that replicas wrote has the mean of the values that they wrote; an integer
   * variable has the value of the first replica that wrote it.
   *
   * @param task - The task.
   * @returns The results in the order of `replicaIds`.
   * @throws {MirrorscopeError} `REPLICA_FAILED` with the first replica that failed; then no variable has changed.
   */
  runReplicas<Result>(task: ReplicaTask<Result>): Result[];
  /**
   * Combines one tensor of each local replica that takes part with those of the other processes.
   *
   * @returns A new tensor.
   */
  reduce(group: ReplicaGroup, operation: ReduceOp, tensors: readonly Tensor[]): Tensor;
  /**
   * Concatenates one tensor of each local replica with those of the other processes, in replica order.
   *
   * @returns A new tensor.
   */
  gather(group: ReplicaGroup, tensors: readonly Tensor[], axis: number): Tensor;
  /**
   * Runs a function made by `tfFunction` once on each local replica.
   *
   * @param call - The call.
   * @returns The results in replica order; undefined if the caller must call `eager` instead. The caller does the same
   *   if the runner lacks this method.
   */
  runFunction?(call: ReplicaFunctionCall): unknown[] | undefined;
}
