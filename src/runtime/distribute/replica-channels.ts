/** The channels of running replicas. Only the modules of the runtime see them: they are stored beside the contexts. */
import type { ReplicaChannel } from './ports/replica-runner.js';
import type { ReplicaContext } from './replica-context.js';

const CHANNELS = new WeakMap<ReplicaContext, ReplicaChannel>();

/** Remembers the channel of a replica. */
export function setChannel(context: ReplicaContext, channel: ReplicaChannel): void {
  CHANNELS.set(context, channel);
}

/**
 * Finds the channel of a replica.
 *
 * @param context - The context of the replica.
 * @returns Its channel; undefined for a context that this library did not make.
 */
export function channelOf(context: ReplicaContext): ReplicaChannel | undefined {
  return CHANNELS.get(context);
}
