/** Chooses the instance keys of each step. Touches the replicas' queues when it warms keys up. */
import type { ReplicaFunction } from './replica-function.js';
import type { ReplicatedStepOptions } from './step-options.js';

import { warmUpPairs } from './warm-up-pairs.js';

/**
 * This many steps in a row use different keys; there are never as many steps in flight. TensorFlow remembers the shape
 * of each key forever, so a function reuses a few keys of its own.
 */
const KEY_GENERATIONS = 8;

/** The instance keys of one step's functions. */
export class StepKeys {
  readonly #options: ReplicatedStepOptions;
  readonly #keys = new WeakMap<ReplicaFunction, { readonly first: number; readonly recoveries: number }>();

  /** @param options - The options of the step. */
  constructor(options: ReplicatedStepOptions) {
    this.#options = options;
  }

  /**
   * Finds the first instance key of a step.
   *
   * @param functions - The functions of the step, in replica order.
   * @param step - The number of the step, from 0.
   * @returns The key; 0 for a step without collectives.
   * @throws {TensorFlowError} when replicas cannot communicate.
   */
  firstKey(functions: readonly [ReplicaFunction, ...ReplicaFunction[]], step: number): number {
    const [{ collectives }] = functions;
    if (collectives === 0) return 0;
    return this.#reservedKeys(functions) + (step % KEY_GENERATIONS) * collectives;
  }

  #reservedKeys(functions: readonly [ReplicaFunction, ...ReplicaFunction[]]): number {
    const [fn] = functions;
    const { uniqueIds, inFlight, replicas, group } = this.#options;
    const { recoveries } = inFlight;
    const known = this.#keys.get(fn);
    // After a recovery, messages of a cancelled collective may still wait under its key.
    if (known?.recoveries === recoveries) return known.first;
    const first = uniqueIds.instanceKeys(fn.collectives * KEY_GENERATIONS);
    const generations = Array.from({ length: KEY_GENERATIONS }, (_, generation) => first + generation * fn.collectives);
    warmUpPairs(
      { replicas, firstReplica: group.firstReplica },
      functions.flatMap(({ sent }) => sent),
      generations,
    );
    this.#keys.set(fn, { first, recoveries });
    return first;
  }
}
