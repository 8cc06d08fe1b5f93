/** Stores on a model the strategy that it trains through. Touches the model. */
import type { DistributionStrategy } from '../distribute/distribution-strategy.js';

const STRATEGY = Symbol.for('mirrorscope.strategy');

/** Finds the strategy that a model trains through; undefined for a model made outside every scope. */
export function strategyOfModel(model: object): DistributionStrategy | undefined {
  return (model as { [STRATEGY]?: DistributionStrategy })[STRATEGY];
}

/** Stores the strategy of a model. */
export function setStrategyOfModel(model: object, strategy: DistributionStrategy): void {
  Object.defineProperty(model, STRATEGY, { value: strategy, configurable: true });
}
