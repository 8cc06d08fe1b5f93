/** A `TFE_TensorHandle` and who frees it. May touch: the C API. */
import type { CApi } from './c-api.js';
import type { DataTypeCode } from './data-types-table.js';
import type { Handle, HostValues } from './op-executor.js';
import type { OpQueue } from './op-queue.js';

import { Status } from './status.js';

/**
 * Frees handles. Whoever holds one disposes it; the registry only catches those that were dropped, as tfjs
 * does with tensors that leave no tidy scope. Counts what is alive, for leak tests.
 */
export class HandleOwner {
  readonly api: CApi;
  readonly status: Status;
  readonly #dropped: FinalizationRegistry<number>;
  #alive = 0;

  constructor(api: CApi, status: Status) {
    this.api = api;
    this.status = status;
    this.#dropped = new FinalizationRegistry((pointer) => this.#free(pointer));
  }

  /** How many handles exist now. */
  get alive(): number {
    return this.#alive;
  }

  adopt(handle: TensorHandle, pointer: number): void {
    this.#alive++;
    this.#dropped.register(handle, pointer, handle);
  }

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

/** One tensor on one device. Shape and element type are asked for when first needed, since asking waits for the op. */
export class TensorHandle implements Handle {
  readonly #owner: HandleOwner;
  #pointer: number;
  #pins = 0;
  #disposeWhenUnpinned = false;
  #shape: readonly number[] | undefined;
  #dtype: DataTypeCode | undefined;
  readonly constantValue?: HostValues;
  /** The same value on further devices, the second replica's first; freed with this handle. */
  mirrors: readonly TensorHandle[] = NO_MIRRORS;
  /** The asynchronous queue that computes it, where one does: it may not be there yet. */
  queue: OpQueue | undefined;
  /** Called when reading it shows that its op, or one before it in the queue, failed; gives the error to throw. */
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

  /** The address of the `TFE_TensorHandle`; 0 once disposed. */
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

  /** Waits, blocking, until it is computed. @throws TensorFlowError when its op, or one before it in the queue, failed. */
  wait(): void {
    if (this.#pointer === 0) return;
    const { api, status } = this.#owner;
    api.TFE_TensorHandleNumDims(this.#pointer, status.pointer);
    status.check('queue');
  }

  /** As {@link wait}, without blocking the event loop; whether it failed is for whoever reads it to find out. */
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

  /** The full name of the device that holds it, e.g. `/job:localhost/replica:0/task:0/device:CPU:1`. */
  get deviceName(): string {
    const { api, status } = this.#owner;
    const name = api.TFE_TensorHandleBackingDeviceName(this.#pointer, status.pointer);
    status.check('TFE_TensorHandleBackingDeviceName');
    return name;
  }

  /** Keeps the native tensor alive, though disposed, until {@link unpin}: another thread is reading it. */
  pin(): void {
    this.#pins++;
  }

  unpin(): void {
    this.#pins--;
    if (this.#pins === 0 && this.#disposeWhenUnpinned) this.#release();
  }

  /** Undoes a {@link dispose} that a pin held back, and the pin. */
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
