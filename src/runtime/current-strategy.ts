/** Finds the strategy and the replica that the running code belongs to. Reads the current frame. */
import type { DistributionStrategy } from './distribute/distribution-strategy.js';
import type { ReplicaContext } from './distribute/replica-context.js';

import { currentFrame } from './distribute/context.js';
import { createReplicaContext } from './distribute/create-replica-context.js';
import { partsOf } from './distribute/strategy-parts.js';
import { defaultStrategy } from './strategies.js';

/**
 * Finds the strategy whose scope or replica runs the calling code, as `tf.distribute.get_strategy`.
 *
 * @returns The strategy; outside every scope, the default strategy of one replica.
 *
 * @example
 * ```js
 * strategy.scope(() => getStrategy() === strategy); // true
 * ```
 */
export function getStrategy(): DistributionStrategy {
  return currentFrame()?.strategy ?? defaultStrategy;
}

/**
 * Tells whether the calling code runs in the scope, or in a replica, of a strategy, as `tf.distribute.has_strategy`.
 *
 * @returns `false` in the default strategy.
 */
export function hasStrategy(): boolean {
  const frame = currentFrame();
  return frame !== undefined && frame.strategy !== defaultStrategy;
}

/**
 * Tells whether the calling code runs once for all replicas, as `tf.distribute.in_cross_replica_context`.
 *
 * @returns `true` in a scope, `false` in a replica.
 */
export function inCrossReplicaContext(): boolean {
  const frame = currentFrame();
  return frame !== undefined && frame.replica === undefined;
}

/**
 * Finds the replica that runs the calling code, as `tf.distribute.get_replica_context`.
 *
 * @returns The replica; `undefined` in cross-replica context, that is directly inside `strategy.scope`; outside every
 *   scope, the only replica of the default strategy.
 *
 * @example
 * ```js
 * strategy.run(() => getReplicaContext().replicaIdInSyncGroup); // PerReplica(0, 1)
 * ```
 */
export function getReplicaContext(): ReplicaContext | undefined {
  const frame = currentFrame();
  if (frame !== undefined) return frame.replica;
  const { tf } = partsOf(defaultStrategy).runner;
  return createReplicaContext(defaultStrategy, 0, {
    allReduce: (_, tensors) => tensors.map((tensor) => tf.clone(tensor)),
    allGather: (tensor) => ({ value: tf.clone(tensor), start: 0 }),
    mergeCall: (value, merge) => merge([value]),
    update: ({ tensors, apply }) => {
      apply(tensors);
    },
  });
}
