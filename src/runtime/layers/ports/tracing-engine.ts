/** The port of a tracing engine: how a model's steps and a user's function become traced functions. Types only. */
import type { DistributionStrategy } from '../../distribute/distribution-strategy.js';
import type { DistributableModel } from '../../tfjs/layers-model.js';
import type { ModelFunctions } from '../model-functions.js';

/** Runs whole steps as one function per replica instead of operation by operation. */
export interface TracingEngine {
  /**
   * Makes the functions by which a model trains, evaluates and predicts under a strategy.
   *
   * @param model - The model.
   * @param strategy - The strategy that it trains through.
   * @param eager - Functions that compute the same, operation by operation. The engine leaves to them what it cannot
   *   trace.
   * @returns The functions.
   */
  distributeModel(model: DistributableModel, strategy: DistributionStrategy, eager: ModelFunctions): ModelFunctions;
  /** Tells whether steps can be traced now: only on the engine's own backend of TensorFlow.js. */
  isBackendCurrent(): boolean;
  /** Compiles a function of tensors and variables to one function of the engine. */
  tfFunction<Arguments extends readonly unknown[], Result>(
    fn: (...args: Arguments) => Result,
  ): (...args: Arguments) => Result;
}
