/** Options that a strategy passes on to its engine. Types only. */
import type { CommunicationOptions } from '../trace/communication-options.js';

/** How an engine executes the strategy's steps. Engines that do not trace ignore the options of tracing. */
export interface ExecutionOptions {
  readonly communication?: Partial<CommunicationOptions> | undefined;
  readonly runEagerly?: boolean | undefined;
  readonly seed?: number | undefined;
  readonly gradientAccumulationSteps?: number | undefined;
}
