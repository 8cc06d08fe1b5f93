/** Where one replica runs, and its copies of values. Touches the context: copies handles to the replica's device. */
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
 * The value of `handle` for one replica. The first replica uses the handle itself; the copies for the others are made once
 * and kept with it, since a value never changes.
 */
export function replicaCopyOf(
  context: TensorFlowContext,
  handle: TensorHandle,
  places: readonly ReplicaDevice[],
  replica: number,
): TensorHandle {
  if (replica === 0) return handle;
  if (handle.mirrors.length !== places.length - 1) {
    for (const mirror of handle.mirrors) mirror.dispose();
    handle.mirrors = places.slice(1).map(({ device }) => context.copyToDevice(handle, device));
  }
  return handle.mirrors[replica - 1] as TensorHandle;
}
