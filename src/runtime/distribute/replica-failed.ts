/** The one error that a replica which throws becomes. */
import type { ReplicaTopology } from './replica-topology.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

/** `REPLICA_FAILED` with the replica, its device and what it threw; a strategy that was misused is an error of the program, and stays that. */
export function replicaFailed(topology: ReplicaTopology, replicaId: number, cause: unknown): MirrorscopeError {
  if (cause instanceof MirrorscopeError && cause.code === ErrorCode.StrategyMisuse) return cause;
  const device = topology.deviceOf(replicaId)?.name ?? 'unknown device';
  const message = cause instanceof Error ? cause.message : String(cause);
  return new MirrorscopeError(ErrorCode.ReplicaFailed, `Replica ${replicaId} on ${device} failed: ${message}`, {
    cause,
  });
}
