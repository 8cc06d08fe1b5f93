/** Remembers, on a model itself, the strategy that it trains through. */
import type { Strategy } from '../distribute/strategy.js';

const STRATEGY = Symbol.for('mirrorscope.strategy');

/** The strategy that a model trains through; undefined for a model made outside every scope. */
export function strategyOfModel(model: object): Strategy | undefined {
  return (model as { [STRATEGY]?: Strategy })[STRATEGY];
}

/** Ties a model to its strategy. */
export function setStrategyOfModel(model: object, strategy: Strategy): void {
  Object.defineProperty(model, STRATEGY, { value: strategy, configurable: true });
}
