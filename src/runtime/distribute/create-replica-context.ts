/** Makes the context of one replica. Opens frames of `context.ts` for code that runs once for all replicas. */
import type { DistributionStrategy } from './distribution-strategy.js';
import type { ReplicaChannel } from './ports/replica-runner.js';
import type { Tensor } from '@tensorflow/tfjs';

import { runInFrame } from './context.js';
import { setChannel } from './replica-channels.js';
import { ReplicaContext } from './replica-context.js';

/**
 * Makes the context of one replica. Code that the channel runs once for all replicas runs in cross-replica context.
 *
 * @param strategy - The strategy of the replica.
 * @param replicaId - Its number, or a function where reading the number has a consequence, such as a recording of its
 *   own.
 * @param channel - How it communicates with the other replicas.
 * @returns The context.
 */
export function createReplicaContext(
  strategy: DistributionStrategy,
  replicaId: number | (() => number),
  channel: ReplicaChannel,
): ReplicaContext {
  const own: ReplicaChannel = {
    allReduce: (operation, tensors) => channel.allReduce(operation, tensors),
    allGather: (tensor, axis) => channel.allGather(tensor, axis),
    mergeCall: (value, merge) => channel.mergeCall(value, (values) => runInFrame({ strategy }, () => merge(values))),
    update: (update) => {
      const apply = (combined: readonly Tensor[]): void => {
        runInFrame({ strategy }, () => {
          update.apply(combined);
        });
      };
      channel.update({ ...update, apply });
    },
  };
  const context = new ReplicaContext(strategy, replicaId, own);
  setChannel(context, own);
  return context;
}
