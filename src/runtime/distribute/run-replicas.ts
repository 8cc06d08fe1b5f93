/** Runs one function on some local replicas of a strategy, each in its own context. Opens frames of `context.ts`. */
import type { DistributionStrategy } from './distribution-strategy.js';
import type { ReplicaContext } from './replica-context.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { runInFrame } from './context.js';
import { createReplicaContext } from './create-replica-context.js';
import { partsOf } from './strategy-parts.js';

/**
 * Runs `body` in the context of one replica.
 *
 * @param replica - The context.
 * @param body - Synchronous code.
 * @param isRun - Whether all replicas run `body`, as in the user's `strategy.run`. Default: false.
 * @returns The result of `body`.
 * @throws {MirrorscopeError} `STRATEGY_MISUSE` when `body` is asynchronous.
 */
export function runInReplica<Result>(replica: ReplicaContext, body: () => Result, isRun = false): Result {
  const result = runInFrame({ strategy: replica.strategy, replica, isRun }, body);
  if (!(result instanceof Promise)) return result;
  // The error below is the one to report; a later rejection must not be unhandled.
  result.catch(() => undefined);
  throw new MirrorscopeError(ErrorCode.StrategyMisuse, 'The function that replicas run must not be async.', {
    hint: 'Read tensors with await after strategy.run has returned.',
  });
}

/**
 * Runs `body` once on each of some local replicas.
 *
 * @param strategy - The strategy of the replicas.
 * @param replicaIds - The local replicas that take part, ascending; at least one.
 * @param body - Synchronous code; it gets the number of its replica.
 * @param isRun - Whether it is the user's own `strategy.run`. Default: false.
 * @returns The results in the order of `replicaIds`.
 * @throws {MirrorscopeError} `REPLICA_FAILED`, or `STRATEGY_MISUSE` when `body` is asynchronous.
 */
export function runReplicas<Result>(
  strategy: DistributionStrategy,
  replicaIds: readonly number[],
  body: (replicaId: number) => Result,
  isRun = false,
): Result[] {
  const { runner, topology, crossDeviceOps } = partsOf(strategy);
  return runner.runReplicas<Result>({
    topology,
    crossDeviceOps,
    replicaIds,
    body: (replicaId, channel) =>
      runInReplica(createReplicaContext(strategy, replicaId, channel), () => body(replicaId), isRun),
  });
}
