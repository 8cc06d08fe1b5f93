/** Wraps the error of a replica. Pure. */
import type { ReplicaTopology } from './replica-topology.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

/** Errors of the program or of another process, which are not those of one replica. */
const OF_ALL_REPLICAS: ReadonlySet<ErrorCode> = new Set([
  ErrorCode.StrategyMisuse,
  ErrorCode.WorkerLost,
  ErrorCode.WorkersDiffer,
  ErrorCode.CollectiveTimeout,
]);

/**
 * Wraps what a replica threw in an error that names the replica and its device.
 *
 * @param topology - Knows the device.
 * @param replicaId - The replica that failed.
 * @param cause - What it threw.
 * @returns A `REPLICA_FAILED` error; `cause` itself if it is no error of one replica.
 */
export function replicaFailed(topology: ReplicaTopology, replicaId: number, cause: unknown): MirrorscopeError {
  if (cause instanceof MirrorscopeError && OF_ALL_REPLICAS.has(cause.code)) return cause;
  const device = topology.deviceOf(replicaId)?.name ?? 'unknown device';
  const message = cause instanceof Error ? cause.message : String(cause);
  return new MirrorscopeError(ErrorCode.ReplicaFailed, `Replica ${replicaId} on ${device} failed: ${message}`, {
    cause,
  });
}
