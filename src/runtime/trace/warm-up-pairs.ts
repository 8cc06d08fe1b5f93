/**
 * Runs each transfer between two replicas once under each instance key before the first step. TensorFlow makes the
 * first replica wait until the other one uses the key for the first time, and no cancellation ends that wait: if the
 * other replica failed, the first would wait forever. Touches the replicas' queues. Source:
 * tensorflow/core/common_runtime/collective_param_resolver_local.cc (WaitForGroup).
 */
import type { TensorHandle } from '../tensorflow/tensor-handle.js';
import type { ReplicaDevice } from './replica-device.js';

import { attributes, NO_ATTRIBUTES, type } from '../tensorflow/attributes.js';
import { DataTypeCode } from '../tensorflow/data-types-table.js';

/** A value that one replica sends to another in each step. */
export interface SentValue {
  readonly from: number;
  readonly to: number;
  /** The key of the group of the two. */
  readonly key: number;
  /** The number of the transfer within the step. */
  readonly instance: number;
  readonly shape: readonly number[];
  readonly dtype: DataTypeCode;
}

/** The replicas of this process. */
export interface LocalReplicas {
  readonly replicas: readonly ReplicaDevice[];
  /** The number of the first one in the group. */
  readonly firstReplica: number;
}

/**
 * Runs every transfer of a step with zeros.
 *
 * @param local - The replicas of this process, in order.
 * @param sent - The transfers of one step.
 * @param generations - The first instance key of each generation of the step's keys.
 * @throws {TensorFlowError} when a pair cannot communicate.
 */
export function warmUpPairs(local: LocalReplicas, sent: readonly SentValue[], generations: readonly number[]): void {
  const { replicas, firstReplica } = local;
  for (const value of sent.toSorted((one, other) => one.instance - other.instance)) {
    const [sender, receiver] = [replicas[value.from - firstReplica], replicas[value.to - firstReplica]];
    if (sender === undefined || receiver === undefined)
      throw new RangeError('a transfer names a replica that is absent');
    sendZeros(sender, receiver, value, generations);
  }
}

function sendZeros(
  { executor: sender }: ReplicaDevice,
  { executor: receiver }: ReplicaDevice,
  { key, instance, shape, dtype }: SentValue,
  generations: readonly number[],
): void {
  const number = (value: number): TensorHandle => sender.fromHost(Int32Array.of(value), [], DataTypeCode.Int32);
  // TensorFlow remembers the shape of each key, so the zeros need the shape of the true value.
  const size = sender.fromHost(Int32Array.from(shape), [shape.length], DataTypeCode.Int32);
  const zero = sender.execute1('Cast', attributes(type('DstT', dtype)), [number(0)]);
  const zeros = sender.execute1('Fill', NO_ATTRIBUTES, [size, zero]);
  for (const first of generations) {
    const keys = [number(2), number(key), number(first + instance)];
    const outputs = sender.context.waitingForEachOther(() => [
      sender.execute1('CollectiveBcastSendV2', NO_ATTRIBUTES, [zeros, ...keys]),
      receiver.execute1('CollectiveBcastRecvV2', attributes(type('T', dtype)), [...keys, size]),
    ]);
    for (const handle of outputs) handle.wait();
    for (const handle of [...keys, ...outputs]) handle.dispose();
  }
  for (const handle of [size, zero, zeros]) handle.dispose();
}
