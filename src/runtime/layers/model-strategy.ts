/** Remembers, on a model itself, the strategy that it trains through. */
import type { DistributionStrategy } from '../distribute/distribution-strategy.js';

const STRATEGY = Symbol.for('mirrorscope.strategy');

/** The strategy that a model trains through; undefined for a model made outside every scope. */
export function strategyOfModel(model: object): DistributionStrategy | undefined {
  return (model as { [STRATEGY]?: DistributionStrategy })[STRATEGY];
}

/** Ties a model to its strategy. */
export function setStrategyOfModel(model: object, strategy: DistributionStrategy): void {
  Object.defineProperty(model, STRATEGY, { value: strategy, configurable: true });
}
