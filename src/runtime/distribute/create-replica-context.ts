/** Makes the context of one replica. Opens frames of `context.ts` for code that runs once for all replicas. */
import type { DistributionStrategy } from './distribution-strategy.js';
import type { ReplicaChannel } from './ports/replica-runner.js';

import { runInFrame } from './context.js';
import { ReplicaContext } from './replica-context.js';

/**
 * The context of one replica of `strategy`. What the channel merges runs in cross-replica context.
 *
 * @param replicaId - A function where reading the number has a consequence, such as a recording of its own.
 */
export function createReplicaContext(
  strategy: DistributionStrategy,
  replicaId: number | (() => number),
  channel: ReplicaChannel,
): ReplicaContext {
  return new ReplicaContext(strategy, replicaId, {
    allReduce: (operation, tensors) => channel.allReduce(operation, tensors),
    allGather: (tensor, axis) => channel.allGather(tensor, axis),
    mergeCall: (value, merge) => channel.mergeCall(value, (values) => runInFrame({ strategy }, () => merge(values))),
  });
}
