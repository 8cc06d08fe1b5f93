/**
 * Makes pairs of replicas meet once under each instance key before they send values to each other in steps. TensorFlow lets the first one wait
 * until the other comes with the same key for the first time, and no cancellation ends that wait: a replica that fails would leave it for ever.
 * Touches the replicas' queues. Source: tensorflow/core/common_runtime/collective_param_resolver_local.cc (WaitForGroup).
 */
import type { TensorHandle } from '../tensorflow/tensor-handle.js';
import type { ReplicaDevice } from './replica-device.js';

import { attributes, NO_ATTRIBUTES, type } from '../tensorflow/attributes.js';
import { DataTypeCode } from '../tensorflow/data-types-table.js';

/** A value that one replica sends to another in each step. */
export interface SentValue {
  readonly from: number;
  readonly to: number;
  /** Of the group of the two. */
  readonly key: number;
  /** Its number within the step. */
  readonly instance: number;
  readonly shape: readonly number[];
  readonly dtype: DataTypeCode;
}

/** The replicas of this process: their devices, and the number in the group of the first. */
export interface LocalReplicas {
  readonly places: readonly ReplicaDevice[];
  readonly firstReplica: number;
}

/** @param generations - The first instance key of each generation of a step's keys. @throws TensorFlowError when a pair cannot meet. */
export function warmUpPairs(
  { places, firstReplica }: LocalReplicas,
  sent: readonly SentValue[],
  generations: readonly number[],
): void {
  const inOrder = [...sent].sort((one, other) => one.instance - other.instance);
  for (const { from, to, key, instance, shape, dtype } of inOrder) {
    const sender = (places[from - firstReplica] as ReplicaDevice).executor;
    const receiver = (places[to - firstReplica] as ReplicaDevice).executor;
    const number = (value: number): TensorHandle => sender.fromHost(Int32Array.of(value), [], DataTypeCode.Int32);
    // What a key carries must have the same shape each time.
    const size = sender.fromHost(Int32Array.from(shape), [shape.length], DataTypeCode.Int32);
    const zero = sender.execute1('Cast', attributes(type('DstT', dtype)), [number(0)]);
    const value = sender.execute1('Fill', NO_ATTRIBUTES, [size, zero]);
    for (const first of generations) {
      const group = [number(2), number(key), number(first + instance)];
      const made = [
        sender.execute1('CollectiveBcastSendV2', NO_ATTRIBUTES, [value, ...group]),
        receiver.execute1('CollectiveBcastRecvV2', attributes(type('T', dtype)), [...group, size]),
      ];
      for (const handle of made) handle.wait();
      for (const handle of [...group, ...made]) handle.dispose();
    }
    for (const handle of [size, zero, value]) handle.dispose();
  }
}
