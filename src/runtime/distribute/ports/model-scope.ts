/** The port through which a strategy's scope reaches the models constructed in it. Types only. */
import type { DistributionStrategy } from '../distribution-strategy.js';

/** Makes the models of a scope train through its strategy. */
export interface ModelScope {
  /**
   * A scope opens.
   *
   * @returns A function to call when the scope ends.
   */
  open(): () => void;
  /** Code in a scope of `strategy` has begun to construct `model`. */
  adopt(model: object, strategy: DistributionStrategy): void;
}
