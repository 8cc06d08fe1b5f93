/** Owns TensorFlow's tensor handles and frees them. Calls the C API. */
import type { CApi } from './c-api.js';
import type { DataTypeCode } from './data-types-table.js';
import type { Handle, HostValues } from './op-executor.js';
import type { OpQueue } from './op-queue.js';

import { EndCells } from './end-cells.js';
import { Status } from './status.js';

/**
 * Frees handles. The holder of a handle must dispose it; for handles that were dropped instead, a finalizer does, since
 * tfjs drops tensors outside of a tidy scope. Counts handles for leak tests.
 */
export class HandleOwner {
  readonly api: CApi;
  readonly status: Status;
  /** By place: the addresses of the native handles that are not freed, and 0 elsewhere. */
  readonly #pointers: number[] = [];
  readonly #freePlaces: number[] = [];
  readonly #dropped: FinalizationRegistry<number>;
  #cells: EndCells | undefined;

  constructor(api: CApi, status: Status) {
    this.api = api;
    this.status = status;
    this.#dropped = new FinalizationRegistry((place) => {
      this.#free(place);
    });
  }

  /** Number of handles that are not freed. */
  get alive(): number {
    return this.#pointers.length - this.#freePlaces.length;
  }

  /**
   * Takes over a native handle.
   *
   * @param handle - Its JavaScript object: the native handle is freed when this is garbage-collected.
   * @param pointer - Address of the native handle.
   * @returns What to pass to {@link release}.
   */
  adopt(handle: TensorHandle, pointer: number): number {
    const place = this.#freePlaces.pop() ?? this.#pointers.length;
    this.#pointers[place] = pointer;
    this.#cells?.set(place, pointer);
    this.#dropped.register(handle, place, handle);
    return place;
  }

  /**
   * Frees a native handle now.
   *
   * @param handle - Its JavaScript object.
   * @param place - What {@link adopt} returned for it.
   */
  release(handle: TensorHandle, place: number): void {
    this.#dropped.unregister(handle);
    this.#free(place);
  }

  /** Makes the end of this thread free the handles that are alive then. Call it before the first one is made. */
  endWithThread(): void {
    this.#cells = new EndCells(this.api, 'TFE_DeleteTensorHandle');
  }

  #free(place: number): void {
    const pointer = this.#pointers[place] as number;
    this.#pointers[place] = 0;
    // Before the handle is freed: the thread may be terminated in between.
    this.#cells?.set(place, 0);
    this.api.TFE_DeleteTensorHandle(pointer);
    this.#freePlaces.push(place);
  }
}

const NO_MIRRORS: readonly TensorHandle[] = [];

/** A value that another library holds. */
export interface OutsideValue {
  /** Copies it to TensorFlow. Blocks until it is computed. Returns the address of a new `TFE_TensorHandle`. */
  toTensorFlow(): number;
  /** Reads it. Blocks until it is computed. */
  readSync(): HostValues;
  /** Reads it without blocking the event loop. */
  read(): Promise<HostValues>;
  dispose(): void;
}

/**
 * One tensor on one device. Reads shape and element type only when they are needed, because TensorFlow then waits for
 * the op.
 */
export class TensorHandle implements Handle {
  readonly #owner: HandleOwner;
  #pointer: number;
  #place = 0;
  #pins = 0;
  #disposeWhenUnpinned = false;
  #shape: readonly number[] | undefined;
  #dtype: DataTypeCode | undefined;
  readonly constantValue?: HostValues;
  /** The same value on the devices of the second and further replicas; freed with this handle. */
  mirrors: readonly TensorHandle[] = NO_MIRRORS;
  /** The same value in another library, which may have it before TensorFlow does. Disposed of with this handle. */
  outside: OutsideValue | undefined;
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
    if (pointer !== 0) this.#place = owner.adopt(this, pointer);
  }

  /**
   * Makes the handle of a value that TensorFlow gets only when an op of TensorFlow needs it.
   *
   * @param owner - Frees it.
   * @param value - The value. The handle takes it over.
   * @param type - Its shape and element type.
   * @returns The handle.
   */
  static ofOutside(owner: HandleOwner, value: OutsideValue, { shape, dtype }: Pick<Handle, 'shape' | 'dtype'>) {
    const handle = new TensorHandle(owner, 0, shape, dtype);
    handle.outside = value;
    return handle;
  }

  /** Address of the `TFE_TensorHandle`; 0 once it is disposed. */
  get pointer(): number {
    if (this.#pointer === 0 && this.outside !== undefined) {
      this.#pointer = this.outside.toTensorFlow();
      this.#place = this.#owner.adopt(this, this.#pointer);
    }
    return this.#pointer;
  }

  /** Whether only another library has the value. */
  get isOutside(): boolean {
    return this.#pointer === 0 && this.outside !== undefined;
  }

  get isDisposed(): boolean {
    return (this.#pointer === 0 && this.outside === undefined) || this.#disposeWhenUnpinned;
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
    if (this.pointer === 0) return;
    const { api, status } = this.#owner;
    api.TFE_TensorHandleNumDims(this.#pointer, status.pointer);
    status.check('queue');
  }

  /** Waits until it is computed, without blocking the event loop. Does not report a failure: reading it does. */
  async waitAsync(): Promise<void> {
    if (this.pointer === 0) return;
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
    const name = api.TFE_TensorHandleBackingDeviceName(this.pointer, status.pointer);
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
    if (this.isDisposed || this.constantValue !== undefined) return;
    if (this.#pins > 0) this.#disposeWhenUnpinned = true;
    else this.#release();
  }

  #release(): void {
    const isHeld = this.#pointer !== 0;
    this.#pointer = 0;
    this.#disposeWhenUnpinned = false;
    for (const mirror of this.mirrors) mirror.dispose();
    this.outside?.dispose();
    this.outside = undefined;
    if (isHeld) this.#owner.release(this, this.#place);
  }
}
