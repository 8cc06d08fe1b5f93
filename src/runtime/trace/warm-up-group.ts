/**
 * Runs one collective over a group of replicas before their first step. TensorFlow forms the group of a key when the
 * last device comes to the first collective with it; a replica that fails before that makes the key unusable. Touches
 * the replicas' queues. Source: tensorflow/core/common_runtime/collective_param_resolver_local.cc (CancelGroup).
 */
import type { TensorHandle } from '../tensorflow/tensor-handle.js';
import type { ReplicaDevice } from './replica-device.js';

import { attributes, string } from '../tensorflow/attributes.js';
import { DataTypeCode } from '../tensorflow/data-types-table.js';

/** A group whose key is new. */
export interface NewGroup {
  /** How many replicas it has, over all processes. */
  readonly size: number;
  readonly key: number;
  /** An instance key that no collective has used. */
  readonly instanceKey: number;
  /** TensorFlow's `communication_hint`. */
  readonly implementation: string;
}

/**
 * Adds up one number over the replicas of a group.
 *
 * @param replicas - The members in this process.
 * @param group - Its keys.
 * @throws {TensorFlowError} when the replicas cannot communicate.
 */
export function warmUpGroup(replicas: readonly ReplicaDevice[], group: NewGroup): void {
  const { size, key, instanceKey, implementation } = group;
  const reduction = attributes(
    string('merge_op', 'Add'),
    string('final_op', 'Id'),
    string('communication_hint', implementation),
  );
  const inputs = replicas.map(({ executor }) => [
    executor.fromHost(new Float32Array(1), [], DataTypeCode.Float),
    ...[size, key, instanceKey].map((value) => executor.fromHost(Int32Array.of(value), [], DataTypeCode.Int32)),
  ]);
  const add = (): TensorHandle[] =>
    replicas.map(({ executor }, replica) => executor.execute1('CollectiveReduceV2', reduction, inputs[replica] ?? []));
  const sums = replicas[0]?.executor.context.waitingForEachOther(add) ?? [];
  for (const sum of sums) sum.wait();
  for (const handle of [...inputs.flat(), ...sums]) handle.dispose();
}
