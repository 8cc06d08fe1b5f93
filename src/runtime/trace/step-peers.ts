/** The other processes of a step, as the steps see them. Types only. */
import type { CollectiveTensor, PeerNames } from './watchdog/watched-step.js';

/** What all processes must have in common in a step. */
export interface ComparedStep {
  /** `train`, `test`, … */
  readonly name: string;
  /** Names everything below: equal for steps that need no new comparison. */
  readonly signature: string;
  /** The number of examples in the global batch, where there is one. */
  readonly rows: number | undefined;
  /** What each collective carries: element type and shape. */
  readonly exchanged: readonly string[];
  /** The tensors in them, with their names, where the process knows them. */
  readonly tensors: readonly CollectiveTensor[];
  /** The optimizers and their settings. */
  readonly optimizers: string;
  /** The type in which gradients travel. */
  readonly gradientType: string;
}

/** A collective in which the replicas of this process wait. */
export interface WaitingCollective {
  /** Its number within the step. */
  readonly index: number;
  /** `collective CollectiveReduceV2_12 of loss [], gradient of dense/kernel [8,16]` */
  readonly words: string;
}

/** A step that failed in this process. */
export interface FailedStep {
  readonly name: string;
  /** Where the replicas waited when the step ended; undefined when it is not known. */
  readonly waiting: WaitingCollective | undefined;
  /** What TensorFlow reported. */
  readonly cause: Error;
  /** The error of this process alone, if the cause is here. */
  readonly own: Error | undefined;
  /** Set when the watchdog of this process ended the step: how long a replica had waited. */
  readonly timeoutSeconds: number | undefined;
}

/** The other processes of a group that spans processes. */
export interface StepPeers {
  /** All of them; undefined where they cannot be told anything outside of steps. */
  readonly names: PeerNames | undefined;
  /**
   * Compares a step with those of the other processes, unless an equal one was compared before. Call it before each
   * step.
   *
   * @throws {MirrorscopeError} `WORKERS_DIFFER` when they run another step; the error of an earlier step that failed.
   */
  check(step: ComparedStep): void;
  /**
   * Ends a failed step in all processes, and finds out why it failed.
   *
   * @returns The error to throw: every process gets one with the same reason.
   */
  explain(step: FailedStep): Error;
  /**
   * Runs code in which processes wait for each other, and whose errors no step in flight explains.
   *
   * @param name - Names it in errors.
   * @param body - Runs once.
   * @returns What `body` returns.
   * @throws {MirrorscopeError} The error of {@link explain} when TensorFlow reports one.
   */
  explained<Result>(name: string, body: () => Result): Result;
}
