/**
 * The parts that a strategy is built from. Only the modules of the runtime see them: the parts are stored beside the
 * strategy.
 */
import type { Cluster } from '../cluster/cluster.js';
import type { DistributionStrategy } from './distribution-strategy.js';
import type { ExecutionOptions } from './execution-options.js';
import type { ModelScope } from './ports/model-scope.js';
import type { ReplicaGroup, ReplicaRunner } from './ports/replica-runner.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

/** The parts of one strategy. */
export interface StrategyParts extends ReplicaGroup {
  readonly runner: ReplicaRunner;
  readonly execution: ExecutionOptions;
  readonly modelScope: ModelScope;
  /** The other processes. Undefined when all replicas are in this one. */
  readonly cluster?: Cluster | undefined;
}

const PARTS = new WeakMap<DistributionStrategy, StrategyParts>();

/** Gives a strategy its parts. Its constructor calls this once. */
export function assembleStrategy(strategy: DistributionStrategy, parts: StrategyParts): void {
  PARTS.set(strategy, Object.freeze(parts));
}

/**
 * Finds the parts of a strategy.
 *
 * @param strategy - The strategy.
 * @returns Its parts.
 * @throws {MirrorscopeError} `STRATEGY_MISUSE` for a strategy that this library did not construct.
 */
export function partsOf(strategy: DistributionStrategy): StrategyParts {
  const parts = PARTS.get(strategy);
  if (parts !== undefined) return parts;
  throw new MirrorscopeError(ErrorCode.StrategyMisuse, 'This strategy was not constructed by mirrorscope.', {
    hint: 'Use new MirroredStrategy() or new OneDeviceStrategy(), or a subclass of one of them.',
  });
}
