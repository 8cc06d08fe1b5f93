/** Runs one function on some replicas of a strategy, each in its own replica context. */
import type { DistributionStrategy } from './distribution-strategy.js';
import type { ReplicaContext } from './replica-context.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { runInFrame } from './context.js';
import { createReplicaContext } from './create-replica-context.js';
import { partsOf } from './strategy-parts.js';

/**
 * Runs `body` in the context of one replica.
 * @param isRun - All replicas of the strategy run it.
 * @throws {MirrorscopeError} `STRATEGY_MISUSE` when `body` is asynchronous.
 */
export function runInReplica<Result>(replica: ReplicaContext, body: () => Result, isRun = false): Result {
  const result = runInFrame({ strategy: replica.strategy, replica, isRun }, body);
  if (!(result instanceof Promise)) return result;
  // Its outcome is nobody's any more; what matters is the error below.
  result.catch(() => undefined);
  throw new MirrorscopeError(ErrorCode.StrategyMisuse, 'The function that replicas run must not be async.', {
    hint: 'Read tensors with await after strategy.run has returned.',
  });
}

/**
 * @param replicaIds - The replicas that take part, ascending; at least one.
 * @param isRun - It is the user's own `strategy.run`.
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
