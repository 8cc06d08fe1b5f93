/** Names the replica in the errors that its code throws during recording. */
import type { ReplicaTopology } from '../../distribute/replica-topology.js';
import type { ReplicaPart } from '../../trace/replica-part.js';

import { replicaFailed } from '../../distribute/replica-failed.js';
import { UntraceableError } from '../../trace/untraceable-error.js';

/**
 * Runs code of one replica.
 *
 * @throws {UntraceableError} Unchanged: it is no failure, because the step then runs eagerly.
 * @throws {MirrorscopeError} `REPLICA_FAILED` for any other error.
 */
export function namingReplica<Result>(topology: ReplicaTopology, replicaId: number, body: () => Result): Result {
  try {
    return body();
  } catch (error) {
    throw error instanceof UntraceableError ? error : replicaFailed(topology, replicaId, error);
  }
}

/** Wraps the parts of a step, one per local replica, so that their errors name the replica. */
export function partsNamingReplica(topology: ReplicaTopology, parts: readonly ReplicaPart[]): ReplicaPart[] {
  return parts.map((part, index) => ({
    ...part,
    body: (recording) => namingReplica(topology, topology.firstReplicaId + index, () => part.body(recording)),
  }));
}
