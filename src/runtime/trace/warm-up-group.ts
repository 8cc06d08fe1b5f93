/**
 * Makes replicas meet once before they meet in steps. TensorFlow forms the group of a key when the last device comes to the first collective
 * with it; a replica that fails before that spoils the key for good. Touches the replicas' queues.
 * Source: tensorflow/core/common_runtime/collective_param_resolver_local.cc (CancelGroup).
 */
import type { ReplicaDevice } from './replica-device.js';

import { attributes, string } from '../tensorflow/attributes.js';
import { DataTypeCode } from '../tensorflow/data-types-table.js';

/** How a group is named, and an instance key that no collective has used. */
export interface NewGroup {
  /** How many replicas it has, over all processes. */
  readonly size: number;
  readonly key: number;
  readonly instanceKey: number;
  readonly implementation: string;
}

/** Adds up one number over `places`. @throws TensorFlowError when they cannot meet. */
export function warmUpGroup(
  places: readonly ReplicaDevice[],
  { size, key, instanceKey, implementation }: NewGroup,
): void {
  const how = attributes(
    string('merge_op', 'Add'),
    string('final_op', 'Id'),
    string('communication_hint', implementation),
  );
  const inputs = places.map(({ executor }) => [
    executor.fromHost(new Float32Array(1), [], DataTypeCode.Float),
    ...[size, key, instanceKey].map((value) => executor.fromHost(Int32Array.of(value), [], DataTypeCode.Int32)),
  ]);
  const sums = places.map(({ executor }, replica) =>
    executor.execute1('CollectiveReduceV2', how, inputs[replica] ?? []),
  );
  for (const sum of sums) sum.wait();
  for (const handle of [...inputs.flat(), ...sums]) handle.dispose();
}
