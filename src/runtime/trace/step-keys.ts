/** Chooses the instance keys of each step. Touches the replicas' queues when it warms keys up. */
import type { ReplicaFunction } from './replica-function.js';
import type { ReplicatedStepOptions } from './step-options.js';

import { warmUpPairs } from './warm-up-pairs.js';

/**
 * Finds the first instance key of a step.
 *
 * @param functions - The functions of the step, in replica order.
 * @param options - The options of the step.
 * @returns The key; 0 for a step without collectives.
 * @throws {TensorFlowError} when replicas cannot communicate.
 */
export function firstKeyOf(
  functions: readonly [ReplicaFunction, ...ReplicaFunction[]],
  { replicas, group, inFlight }: ReplicatedStepOptions,
): number {
  const [{ collectives, rendezvous }] = functions;
  if (collectives === 0) return 0;
  const transfers = group.transfers === undefined ? '' : JSON.stringify(group.transfers);
  const exchange = { signature: `${String(collectives)} ${rendezvous} ${transfers}`, collectives };
  return group.instanceKeys.forStep(exchange, inFlight.recoveries, (generations) => {
    warmUpPairs(
      { replicas, firstReplica: group.firstReplica },
      functions.flatMap(({ sent }) => sent),
      generations,
    );
  });
}
