/** The port through which a strategy's scope reaches the models constructed in it. Types only. */
import type { DistributionStrategy } from '../distribution-strategy.js';

/** Makes the models of a scope train through its strategy. */
export interface ModelScope {
  /**
   * Begins to watch for models when a scope opens.
   *
   * @returns A function to call when the scope ends.
   */
  open(): () => void;
  /** Makes `model`, which code in a scope of `strategy` has begun to construct, train through the strategy. */
  adopt(model: object, strategy: DistributionStrategy): void;
}
