/**
 * The seam between what a strategy means and what carries it out. Everything above it (strategies, contexts, values,
 * how a model's batch is dealt out) is the same for every engine; an engine runs replicas on devices. Types only.
 */
import type { CrossDeviceOps } from '../distribute/cross-device-ops.js';
import type { Device, DeviceRequest } from '../distribute/device.js';
import type { ReduceOp } from '../distribute/reduce-op.js';
import type { Strategy } from '../distribute/strategy.js';
import type { AnyFunction } from '../distribute/traced-function.js';
import type { ModelFunctions } from '../layers/model-functions.js';
import type { DistributableModel } from '../tfjs/layers-model.js';
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { Profiling } from '../trace/profiling.js';
import type { Tensor } from '@tensorflow/tfjs';

/** The engines that exist. */
export type EngineName = 'logical' | 'tensorflow';

/** What a look at the machine found, without loading anything heavy. */
export interface EngineProbe {
  readonly available: boolean;
  /** Why it can or cannot run, in one sentence. */
  readonly reason: string;
}

/** How the replicas of one running program reach each other. One is made for each replica and program. */
export interface ReplicaChannel {
  /** Combines each tensor with the tensors that the other replicas give at the same place. New tensors, on this replica. */
  allReduce(operation: ReduceOp, tensors: readonly Tensor[]): Tensor[];
  /** Waits for every replica, calls `merge` once with what each gave, in replica order, and gives its result to each. */
  mergeCall<Result>(value: unknown, merge: (values: readonly unknown[]) => Result): Result;
}

/** One synchronous function to be run once on each of some replicas of a strategy. */
export interface ReplicaProgram<Result> {
  readonly strategy: Strategy;
  /** The replicas that take part, ascending. Those left out contribute nothing and wait for nobody. */
  readonly replicaIds: readonly number[];
  readonly crossDeviceOps: CrossDeviceOps;
  /**
   * The work of one replica. It sees every variable as it was before the program; what it writes is its own until all
   * replicas are done. Tensors that it does not return are released.
   */
  body(replicaId: number, channel: ReplicaChannel): Result;
}

/** A call of a traced function on all replicas of a strategy. */
export interface ReplicaFunctionCall {
  readonly strategy: Strategy;
  /** The function that was given to `tfFunction`. */
  readonly fn: AnyFunction;
  argumentsOf(replicaId: number): readonly unknown[];
  /** Does the same, replica by replica and operation by operation. */
  eager(): unknown[];
}

/** Runs replicas on devices. */
export interface Engine {
  readonly name: EngineName;
  /** The TensorFlow.js whose operations run on this engine. */
  readonly tf: TensorFlowJs;
  /** What its steps note while somebody profiles. An engine without this has no steps to look into. */
  readonly profiling?: Profiling;
  /** Every device that it sees. */
  listDevices(): readonly Device[];
  /**
   * The devices that a strategy asks for, in its order; all of them when it does not say.
   *
   * @throws {MirrorscopeError} `UNKNOWN_DEVICE` or `INVALID_ARGUMENT`.
   */
  resolveDevices(request: DeviceRequest | undefined): readonly Device[];
  /**
   * Runs a program and gives the results in the order of `replicaIds`. Afterwards a variable that replicas wrote holds
   * the mean of what they wrote (of an integer variable, what the first of them wrote).
   *
   * @throws {MirrorscopeError} `REPLICA_FAILED` naming the first replica that failed; then no variable has changed.
   */
  runReplicas<Result>(program: ReplicaProgram<Result>): Result[];
  /**
   * Replaces how a model trains, evaluates and predicts under a strategy, for instance by one traced function a step.
   * `eager` does the same one replica at a time through {@link Engine.runReplicas}; what an engine cannot do better it
   * leaves to it. An engine without this method always runs eagerly.
   */
  distributeModel?(model: DistributableModel, strategy: Strategy, eager: ModelFunctions): ModelFunctions;
  /**
   * Runs a function that `tfFunction` made once on each replica, in replica order. An engine without this method, or without a way to
   * do better now (undefined), leaves it to `eager`.
   */
  runFunction?(call: ReplicaFunctionCall): unknown[] | undefined;
  /** Makes a function of tensors and variables one function of the engine's. An engine without this method runs it as it is. */
  tfFunction?<Arguments extends readonly unknown[], Result>(
    fn: (...args: Arguments) => Result,
  ): (...args: Arguments) => Result;
}
