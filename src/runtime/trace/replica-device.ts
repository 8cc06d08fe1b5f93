/** The device of one replica, and the replica's copies of values. Touches the context: copies handles to devices. */
import type { Device, TensorFlowContext } from '../tensorflow/context.js';
import type { EagerExecutor } from '../tensorflow/eager-executor.js';
import type { TensorHandle } from '../tensorflow/tensor-handle.js';

/** A device with a queue of its own. */
export interface ReplicaDevice {
  readonly device: Device;
  /** Runs ops on the device, through an asynchronous queue of its own. */
  readonly executor: EagerExecutor;
}

/**
 * Finds the copy of a value on a replica's device. The first replica uses the handle itself. The copies for the others
 * are made once and kept with the handle, since a value never changes.
 *
 * @param context - Copies the value.
 * @param handle - The value. It owns the copies.
 * @param replicas - All replicas, in order.
 * @param replica - Which of them needs the value.
 * @returns A handle on the replica's device.
 */
export function replicaCopyOf(
  context: TensorFlowContext,
  handle: TensorHandle,
  replicas: readonly ReplicaDevice[],
  replica: number,
): TensorHandle {
  if (replica === 0) return handle;
  if (handle.mirrors.length !== replicas.length - 1) {
    for (const mirror of handle.mirrors) mirror.dispose();
    handle.mirrors = replicas.slice(1).map(({ device }) => context.copyToDevice(handle, device));
  }
  const copy = handle.mirrors[replica - 1];
  if (copy === undefined) throw new RangeError(`there is no replica ${String(replica)}`);
  return copy;
}
