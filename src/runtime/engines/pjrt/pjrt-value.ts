/** Values of XLA behind handles of TensorFlow, which gets copies only for its own ops. Calls both C APIs. */
import type { PjrtBuffer, ValueType } from '../../pjrt/pjrt-buffer.js';
import type { PjrtClient } from '../../pjrt/pjrt-client.js';
import type { PjrtDevice } from '../../pjrt/pjrt-device.js';
import type { TensorFlowContext } from '../../tensorflow/context.js';
import type { HostValues } from '../../tensorflow/op-executor.js';
import type { NumberSource } from './later-number.js';

import { type OutsideValue, TensorHandle } from '../../tensorflow/tensor-handle.js';

/** Explains why a value cannot be read: the step that computes it has failed. */
export type ExplainFailure = (error: unknown) => Error;

/**
 * Gives TensorFlow a value.
 *
 * @param context - Gets the value.
 * @param values - Its elements.
 * @param type - Its type.
 * @returns The address of a new `TFE_TensorHandle`.
 */
export function copyToTensorFlow(
  { api, hostTensors, status }: TensorFlowContext,
  values: HostValues,
  { shape, dtype }: ValueType,
): number {
  const tensor = hostTensors.create(values, shape, dtype);
  const pointer = api.TFE_NewTensorHandle(tensor, status.pointer);
  api.TF_DeleteTensor(tensor);
  status.check('TFE_NewTensorHandle');
  return pointer;
}

/** The same value on one or several devices. */
class PjrtValue implements OutsideValue {
  readonly #context: TensorFlowContext;
  readonly #buffers: PjrtBuffer[];
  readonly #explain: ExplainFailure;

  /**
   * @param context - Gets the copy for TensorFlow.
   * @param buffers - The value on at least one device. This object takes them over.
   * @param explain - Called when it cannot be read.
   */
  constructor(context: TensorFlowContext, buffers: readonly PjrtBuffer[], explain: ExplainFailure) {
    this.#context = context;
    this.#buffers = [...buffers];
    this.#explain = explain;
  }

  /**
   * Finds the value on a device, and copies it there on first use.
   *
   * @param device - The device.
   * @returns The buffer, which stays this object's.
   */
  on(device: PjrtDevice): PjrtBuffer {
    const known = this.#buffers.find((buffer) => buffer.device === device);
    if (known !== undefined) return known;
    const copy = this.#first().copyTo(device);
    this.#buffers.push(copy);
    return copy;
  }

  readSync(): HostValues {
    try {
      return this.#first().readSync();
    } catch (error) {
      throw this.#explain(error);
    }
  }

  async read(): Promise<HostValues> {
    try {
      return await this.#first().read();
    } catch (error) {
      throw this.#explain(error);
    }
  }

  toTensorFlow(): number {
    return copyToTensorFlow(this.#context, this.readSync(), this.#first());
  }

  /** Starts to read a single number. Whoever takes the source must wait for it: the plugin writes into its memory. */
  startReadingNumber(): NumberSource {
    const reading = this.#first().startRead();
    return {
      get: () => Number(reading.wait()[0]),
      ready: () => reading.ready(),
    };
  }

  dispose(): void {
    for (const buffer of this.#buffers) buffer.dispose();
  }

  #first(): PjrtBuffer {
    const [first] = this.#buffers;
    if (first === undefined) throw new TypeError('a value needs a buffer');
    return first;
  }
}

/** Gives XLA the values of handles of TensorFlow. */
export class PjrtValues {
  readonly #client: PjrtClient;
  readonly #context: TensorFlowContext;
  readonly #explain: ExplainFailure;

  /**
   * @param client - Gets the values.
   * @param context - Holds the values of TensorFlow.
   * @param explain - Called when a value of XLA cannot be read.
   */
  constructor(client: PjrtClient, context: TensorFlowContext, explain: ExplainFailure) {
    this.#client = client;
    this.#context = context;
    this.#explain = explain;
  }

  /**
   * Finds the value of a handle on a device, and copies it there on first use.
   *
   * @param handle - The handle, which keeps the copy.
   * @param device - The device.
   * @returns The buffer, which stays the handle's.
   */
  bufferOf(handle: TensorHandle, device: PjrtDevice): PjrtBuffer {
    const { outside } = handle;
    if (outside instanceof PjrtValue) return outside.on(device);
    const value = new PjrtValue(this.#context, [this.#upload(handle, device)], this.#explain);
    handle.outside = value;
    return value.on(device);
  }

  /**
   * Makes a handle of a value of XLA.
   *
   * @param buffers - The same value on one or several devices. The handle takes them over.
   * @returns The handle.
   */
  handleOf(buffers: readonly [PjrtBuffer, ...PjrtBuffer[]]): TensorHandle {
    const value = new PjrtValue(this.#context, buffers, this.#explain);
    return TensorHandle.ofOutside(this.#context.handles, value, buffers[0]);
  }

  /**
   * Finds a single number of 32 bits.
   *
   * @param handle - The handle. It may be disposed of afterwards.
   * @returns The number, which must be waited for once; undefined when TensorFlow is still computing it.
   */
  numberOf(handle: TensorHandle): NumberSource | undefined {
    const { outside } = handle;
    if (outside instanceof PjrtValue) return outside.startReadingNumber();
    if (outside !== undefined || handle.queue !== undefined) return undefined;
    const number = this.#readNumber(handle);
    return { get: () => number, ready: () => Promise.resolve() };
  }

  #readNumber(handle: TensorHandle): number {
    const { api, status } = this.#context;
    const tensor = api.TFE_TensorHandleResolve(handle.pointer, status.pointer);
    status.check('TFE_TensorHandleResolve');
    try {
      const bytes = this.#client.api.copy(api.TF_TensorData(tensor), Float32Array.BYTES_PER_ELEMENT);
      return new DataView(bytes.buffer).getFloat32(0, true);
    } finally {
      api.TF_DeleteTensor(tensor);
    }
  }

  /** Copies from the memory of TensorFlow, which is host memory unless the value is on a GPU. */
  #upload(handle: TensorHandle, device: PjrtDevice): PjrtBuffer {
    const { api, status } = this.#context;
    const tensor = api.TFE_TensorHandleResolve(handle.pointer, status.pointer);
    status.check('TFE_TensorHandleResolve');
    try {
      return this.#client.upload(api.TF_TensorData(tensor), handle, device);
    } finally {
      api.TF_DeleteTensor(tensor);
    }
  }
}
