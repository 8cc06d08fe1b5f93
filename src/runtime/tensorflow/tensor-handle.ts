/** Owns TensorFlow's tensor handles and frees them. Calls the C API. */
import type { CApi } from './c-api.js';
import type { DataTypeCode } from './data-types-table.js';
import type { Handle, HostValues } from './op-executor.js';
import type { OpQueue } from './op-queue.js';

import { Status } from './status.js';

/**
 * Frees handles. The holder of a handle must dispose it; for handles that were dropped instead, a finalizer does, since
 * tfjs drops tensors outside of a tidy scope. Counts handles for leak tests.
 */
export class HandleOwner {
  readonly api: CApi;
  readonly status: Status;
  readonly #dropped: FinalizationRegistry<number>;
  #alive = 0;

  constructor(api: CApi, status: Status) {
    this.api = api;
    this.status = status;
    this.#dropped = new FinalizationRegistry((pointer) => {
      this.#free(pointer);
    });
  }

  /** Number of handles that are not freed. */
  get alive(): number {
    return this.#alive;
  }

  /**
   * Takes over a native handle.
   *
   * @param handle - Its JavaScript object: the native handle is freed when this is garbage-collected.
   * @param pointer - Address of the native handle.
   */
  adopt(handle: TensorHandle, pointer: number): void {
    this.#alive++;
    this.#dropped.register(handle, pointer, handle);
  }

  /**
   * Frees a native handle now.
   *
   * @param handle - Its JavaScript object.
   * @param pointer - Address of the native handle.
   */
  release(handle: TensorHandle, pointer: number): void {
    this.#dropped.unregister(handle);
    this.#free(pointer);
  }

  #free(pointer: number): void {
    this.#alive--;
    this.api.TFE_DeleteTensorHandle(pointer);
  }
}

const NO_MIRRORS: readonly TensorHandle[] = [];

/**
 * One tensor on one device. Reads shape and element type only when they are needed, because TensorFlow then waits for
 * the op.
 */
export class TensorHandle implements Handle {
  readonly #owner: HandleOwner;
  #pointer: number;
  #pins = 0;
  #disposeWhenUnpinned = false;
  #shape: readonly number[] | undefined;
  #dtype: DataTypeCode | undefined;
  readonly constantValue?: HostValues;
  /** The same value on the devices of the second and further replicas; freed with this handle. */
  mirrors: readonly TensorHandle[] = NO_MIRRORS;
  /** The asynchronous queue that computes it, if one does: the value may not be ready. */
  queue: OpQueue | undefined;
  /** Called when its op, or an earlier op of the queue, has failed. Returns the error to throw. */
  onFailedRead: (() => Error | undefined) | undefined;

  constructor(
    owner: HandleOwner,
    pointer: number,
    shape?: readonly number[],
    dtype?: DataTypeCode,
    constantValue?: HostValues,
  ) {
    this.#owner = owner;
    this.#pointer = pointer;
    this.#shape = shape;
    this.#dtype = dtype;
    if (constantValue !== undefined) this.constantValue = constantValue;
    owner.adopt(this, pointer);
  }

  /** Address of the `TFE_TensorHandle`; 0 once it is disposed. */
  get pointer(): number {
    return this.#pointer;
  }

  get isDisposed(): boolean {
    return this.#pointer === 0 || this.#disposeWhenUnpinned;
  }

  get dtype(): DataTypeCode {
    return (this.#dtype ??= this.#owner.api.TFE_TensorHandleDataType(this.#pointer));
  }

  get shape(): readonly number[] {
    return (this.#shape ??= this.#readShape());
  }

  #readShape(): readonly number[] {
    const { api, status } = this.#owner;
    const rank = api.TFE_TensorHandleNumDims(this.#pointer, status.pointer);
    status.check('TFE_TensorHandleNumDims');
    const shape: number[] = [];
    for (let axis = 0; axis < rank; axis++) shape.push(api.TFE_TensorHandleDim(this.#pointer, axis, status.pointer));
    return shape;
  }

  /**
   * Blocks until it is computed.
   *
   * @throws {TensorFlowError} When its op, or an earlier op of the queue, failed.
   */
  wait(): void {
    if (this.#pointer === 0) return;
    const { api, status } = this.#owner;
    api.TFE_TensorHandleNumDims(this.#pointer, status.pointer);
    status.check('queue');
  }

  /** Waits until it is computed, without blocking the event loop. Does not report a failure: reading it does. */
  async waitAsync(): Promise<void> {
    if (this.#pointer === 0) return;
    const { api } = this.#owner;
    const status = new Status(api);
    this.pin();
    try {
      await api.callAsync('TFE_TensorHandleNumDims', this.#pointer, status.pointer);
    } finally {
      this.unpin();
      status.delete();
    }
  }

  /** The full name of the device that holds it, such as `/job:localhost/replica:0/task:0/device:CPU:1`. */
  get deviceName(): string {
    const { api, status } = this.#owner;
    const name = api.TFE_TensorHandleBackingDeviceName(this.#pointer, status.pointer);
    status.check('TFE_TensorHandleBackingDeviceName');
    return name;
  }

  /** Keeps the native tensor alive until {@link unpin}, even if it is disposed: another thread reads it. */
  pin(): void {
    this.#pins++;
  }

  /** Undoes one {@link pin}. */
  unpin(): void {
    this.#pins--;
    if (this.#pins === 0 && this.#disposeWhenUnpinned) this.#release();
  }

  /** Undoes one {@link pin}, and a {@link dispose} that the pin delayed. */
  revive(): void {
    this.#pins--;
    this.#disposeWhenUnpinned = false;
  }

  dispose(): void {
    if (this.#pointer === 0 || this.constantValue !== undefined) return;
    if (this.#pins > 0) this.#disposeWhenUnpinned = true;
    else this.#release();
  }

  #release(): void {
    const pointer = this.#pointer;
    this.#pointer = 0;
    this.#disposeWhenUnpinned = false;
    for (const mirror of this.mirrors) mirror.dispose();
    if (pointer !== 0) this.#owner.release(this, pointer);
  }
}
