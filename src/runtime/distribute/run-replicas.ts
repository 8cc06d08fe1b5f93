/** Runs one function on some replicas of a strategy, each in its own replica context. */
import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { runInFrame } from './context.js';
import { ReplicaContext } from './replica-context.js';
import type { Strategy } from './strategy.js';

/**
 * @param replicaIds - The replicas that take part, ascending; at least one.
 * @returns The results in the order of `replicaIds`.
 * @throws {MirrorscopeError} `REPLICA_FAILED`, or `STRATEGY_MISUSE` when `body` is asynchronous.
 */
export function runReplicas<Result>(
  strategy: Strategy,
  replicaIds: readonly number[],
  body: (replicaId: number) => Result,
): Result[] {
  return strategy.engine.runReplicas<Result>({
    strategy,
    replicaIds,
    crossDeviceOps: strategy.crossDeviceOps,
    body(replicaId, channel) {
      const replica = new ReplicaContext(strategy, replicaId, channel);
      const result = runInFrame({ strategy, replica }, () => body(replicaId));
      if (result instanceof Promise) {
        // Its outcome is nobody's any more; what matters is the error below.
        result.catch(() => undefined);
        throw new MirrorscopeError(ErrorCode.StrategyMisuse, 'The function that replicas run must not be async.', {
          hint: 'Read tensors with await after strategy.run has returned.',
        });
      }
      return result;
    },
  });
}
