/** Checks the arguments and the context of a strategy's methods. Reads the current frame. */
import type { DistributionStrategy } from './distribution-strategy.js';
import type { ReplicaTopology } from './replica-topology.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { currentFrame } from './context.js';
import { flattenStructure } from './nest.js';
import { DistributedValues } from './values.js';

/**
 * Checks distributed values. @throws {MirrorscopeError} `INVALID_ARGUMENT` for values with another number of
 * components.
 */
export function requireOwnValues({ localReplicaCount }: ReplicaTopology, args: unknown): void {
  const other = flattenStructure(args).find(
    (leaf): leaf is DistributedValues => leaf instanceof DistributedValues && leaf.values.length !== localReplicaCount,
  );
  if (other === undefined) return;
  throw new MirrorscopeError(
    ErrorCode.InvalidArgument,
    `A value for ${other.values.length} replicas was passed to a strategy with ${localReplicaCount}.`,
    { hint: 'Make values and datasets with the strategy that runs them.' },
  );
}

/**
 * Checks the context of a call. @throws {MirrorscopeError} `STRATEGY_MISUSE` inside a replica and inside the scope of
 * another strategy.
 */
export function requireCrossReplicaContext(strategy: DistributionStrategy, method: string): void {
  const frame = currentFrame();
  if (frame === undefined || (frame.replica === undefined && frame.strategy === strategy)) return;
  const place = frame.replica === undefined ? 'the scope of another strategy' : 'a replica';
  throw new MirrorscopeError(ErrorCode.StrategyMisuse, `${method}() cannot be called inside ${place}.`, {
    hint: 'Call it outside strategy.run; inside a replica use getReplicaContext().allReduce or mergeCall.',
  });
}

/** Checks an argument. @throws {MirrorscopeError} `INVALID_ARGUMENT` unless it is a function. */
export function requireFunction(method: string, fn: unknown): void {
  if (typeof fn === 'function') return;
  throw new MirrorscopeError(ErrorCode.InvalidArgument, `${method}() takes a function, not ${String(fn)}.`, {
    hint: `For example: strategy.${method}(() => { … }).`,
  });
}
