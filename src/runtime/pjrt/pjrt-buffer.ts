/** A value on a device of XLA, and its end. Calls the C API. */
import type { DataTypeCode } from '../tensorflow/data-types-table.js';
import type { PjrtDevice } from './pjrt-device.js';
import type { PluginApi } from './plugin-api.js';

import { DATA_TYPE_LAYOUTS } from '../tensorflow/data-types-table.js';

import { PjrtEvent } from './pjrt-event.js';

/** The type of a value. */
export interface ValueType {
  readonly dtype: DataTypeCode;
  readonly shape: readonly number[];
}

/** The array of host values of one type. */
export type HostArray = InstanceType<Exclude<ReturnType<(typeof DATA_TYPE_LAYOUTS)['get']>, undefined>['array']>;

/** A value on its way to the host. */
export interface BufferReading {
  /** Resolves when {@link wait} will not block. Never rejects. */
  ready(): Promise<void>;
  /** Blocks until the value is there. @throws {PjrtError} When the program that computes it has failed. */
  wait(): HostArray;
}

/**
 * Frees the buffers of a client. Whoever holds a buffer disposes of it; for those that were dropped instead, a
 * finalizer does. Counts buffers for leak tests.
 */
export class BufferOwner {
  readonly api: PluginApi;
  #alive = 0;
  readonly #dropped = new FinalizationRegistry<number>((pointer) => {
    this.#free(pointer);
  });

  /** @param api - Calls the plugin. */
  constructor(api: PluginApi) {
    this.api = api;
  }

  /** Number of buffers that are not freed. */
  get alive(): number {
    return this.#alive;
  }

  /** Takes over a native buffer. */
  adopt(buffer: PjrtBuffer, pointer: number): void {
    this.#alive++;
    this.#dropped.register(buffer, pointer, buffer);
  }

  /** Frees a native buffer now. */
  release(buffer: PjrtBuffer, pointer: number): void {
    this.#dropped.unregister(buffer);
    this.#free(pointer);
  }

  #free(buffer: number): void {
    this.#alive--;
    this.api.call('PJRT_Buffer_Destroy', { buffer });
  }
}

/** One value on one device. The value may not be computed yet: reading waits for it. */
export class PjrtBuffer implements ValueType {
  readonly dtype: DataTypeCode;
  readonly shape: readonly number[];
  readonly device: PjrtDevice;
  readonly #owner: BufferOwner;
  #pointer: number;

  /**
   * @param owner - Frees it.
   * @param pointer - The native buffer.
   * @param device - Where it is.
   * @param type - Its element type and shape.
   */
  constructor(owner: BufferOwner, pointer: number, device: PjrtDevice, { dtype, shape }: ValueType) {
    this.#owner = owner;
    this.#pointer = pointer;
    this.device = device;
    this.dtype = dtype;
    this.shape = shape;
    owner.adopt(this, pointer);
  }

  /** Address of the `PJRT_Buffer`; 0 once it is disposed. */
  get pointer(): number {
    return this.#pointer;
  }

  /** The memory that it takes on the device. */
  get bytes(): number {
    return this.#owner.api
      .call('PJRT_Buffer_OnDeviceSizeInBytes', { buffer: this.#live() })
      .get('on_device_size_in_bytes');
  }

  /**
   * Reads the value. Blocks until it is computed.
   *
   * @throws {PjrtError} When the program that computes it has failed.
   */
  readSync(): HostArray {
    return this.startRead().wait();
  }

  /**
   * Reads the value without blocking the event loop.
   *
   * @throws {PjrtError} When the program that computes it has failed.
   */
  async read(): Promise<HostArray> {
    const reading = this.startRead();
    await reading.ready();
    return reading.wait();
  }

  /**
   * Starts to read the value. The buffer may be disposed of meanwhile.
   *
   * @returns The reading. Hold it and wait for it: until then, the plugin may write into its array.
   */
  startRead(): BufferReading {
    const { target, event } = this.#startRead();
    const copied = new PjrtEvent(this.#owner.api, event);
    return {
      ready: () => copied.settled(),
      wait: () => {
        copied.await();
        return target;
      },
    };
  }

  /**
   * Copies the value to another device.
   *
   * @param device - Another device of the same client.
   * @returns The copy.
   */
  copyTo(device: PjrtDevice): PjrtBuffer {
    const call = this.#owner.api.call('PJRT_Buffer_CopyToDevice', {
      buffer: this.#live(),
      dst_device: device.pointer,
    });
    return new PjrtBuffer(this.#owner, call.get('dst_buffer'), device, this);
  }

  /** Frees the value. A program that reads it still can. Does nothing when called again. */
  dispose(): void {
    if (this.#pointer === 0) return;
    this.#owner.release(this, this.#pointer);
    this.#pointer = 0;
  }

  #live(): number {
    if (this.#pointer === 0) throw new TypeError('the buffer is disposed');
    return this.#pointer;
  }

  #startRead() {
    const { api } = this.#owner;
    const { array, bytes } = this.#layout();
    const length = this.shape.reduce((product, size) => product * size, 1);
    const target = new array(new ArrayBuffer(length * bytes));
    const call = api.call('PJRT_Buffer_ToHostBuffer', {
      src: this.#live(),
      dst: length === 0 ? api.block(8).address : api.addressOf(target),
      dst_size: length * bytes,
    });
    return { target, event: call.get('event') };
  }

  #layout() {
    const layout = DATA_TYPE_LAYOUTS.get(this.dtype);
    if (layout === undefined) throw new TypeError('the buffer has an element type without a fixed size');
    return layout;
  }
}
