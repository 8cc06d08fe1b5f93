/** Names the replica in errors that its code throws while it is recorded. */
import type { ReplicaTopology } from '../../distribute/replica-topology.js';
import type { ReplicaPart } from '../../trace/replica-part.js';

import { replicaFailed } from '../../distribute/replica-failed.js';
import { UntraceableError } from '../../trace/untraceable-error.js';

/**
 * Runs code of one replica.
 *
 * @throws {UntraceableError} As the code throws it: not a failure, the step runs eagerly instead.
 * @throws {MirrorscopeError} `REPLICA_FAILED` for any other error.
 */
export function namingReplica<Result>(topology: ReplicaTopology, replicaId: number, body: () => Result): Result {
  try {
    return body();
  } catch (error) {
    throw error instanceof UntraceableError ? error : replicaFailed(topology, replicaId, error);
  }
}

/** The parts of a step, one for each local replica, whose errors name their replica. */
export function partsNamingReplica(topology: ReplicaTopology, parts: readonly ReplicaPart[]): ReplicaPart[] {
  return parts.map((part, index) => ({
    ...part,
    body: (recording) => namingReplica(topology, topology.firstReplicaId + index, () => part.body(recording)),
  }));
}
