/** A step of a model that is traced, and how an engine makes it. Types only. */
import type { StepFeed } from '../../layers/model-functions.js';
import type { ReplicaPart } from '../../trace/replica-part.js';
import type { ReplicatedStepOptions } from '../../trace/step-options.js';
import type { Tensor } from '@tensorflow/tfjs';

/** One step: training, evaluation or prediction. */
export interface TracedStep {
  /** How many times the step ran. Random operations in it draw from this counter. */
  steps: number;
  /** Makes the steps that `body` runs fail, and be undone, as one. */
  together<Result>(body: () => Result): Result;
  /** Traces a step without running it. */
  trace(parts: readonly ReplicaPart[], stateKey: string): void;
  /**
   * Runs one step.
   *
   * @param parts - One for each replica, in replica order.
   * @param stateKey - Names the host state that the traces depend on; a new key causes a new trace.
   * @returns Each replica's results. The caller disposes of them.
   * @throws {UntraceableError} when the step cannot be traced; then nothing has changed.
   */
  run(parts: readonly ReplicaPart[], stateKey: string): Tensor[][];
}

/** Makes steps that another engine runs. */
export interface StepMaker {
  makeStep(name: string, options: ReplicatedStepOptions): TracedStep;
  /**
   * Makes the feed of the steps.
   *
   * @param options - Called when there is something to feed.
   * @param own - The feed of steps that TensorFlow runs.
   */
  feed(options: () => ReplicatedStepOptions, own: StepFeed): StepFeed;
}
