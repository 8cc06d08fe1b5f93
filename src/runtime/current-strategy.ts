/** Questions about where the running code is: in which strategy, in which replica. */
import type { ReplicaContext } from './distribute/replica-context.js';
import type { Strategy } from './distribute/strategy.js';
import type { Tensor } from '@tensorflow/tfjs';

import { currentFrame } from './distribute/context.js';
import { createReplicaContext } from './distribute/create-replica-context.js';
import { partsOf } from './distribute/strategy-parts.js';
import { defaultStrategy } from './strategies.js';

/** The strategy whose scope or replica the running code is in; outside, the default strategy of one replica. */
export function getStrategy(): Strategy {
  return currentFrame()?.strategy ?? defaultStrategy;
}

/** Whether the running code is in the scope, or in a replica, of a strategy other than the default one. */
export function hasStrategy(): boolean {
  const frame = currentFrame();
  return frame !== undefined && frame.strategy !== defaultStrategy;
}

/** Whether the running code belongs to all replicas together: in a scope, but not in a replica. */
export function inCrossReplicaContext(): boolean {
  const frame = currentFrame();
  return frame !== undefined && frame.replica === undefined;
}

/**
 * The replica that the running code is; outside every scope the only replica of the default strategy.
 *
 * @returns `undefined` in cross-replica context, that is directly inside `strategy.scope`.
 */
export function getReplicaContext(): ReplicaContext | undefined {
  const frame = currentFrame();
  if (frame !== undefined) return frame.replica;
  const { tf } = partsOf(defaultStrategy).runner;
  return createReplicaContext(defaultStrategy, 0, {
    allReduce: (_, tensors) => tensors.map((tensor: Tensor) => tf.clone(tensor)),
    allGather: (tensor) => ({ value: tf.clone(tensor), start: 0 }),
    mergeCall: (value, merge) => merge([value]),
  });
}
