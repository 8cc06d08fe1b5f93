/**
 * The board on which a replica's function marks its progress: host memory of a tensor that the function writes in
 * place, so that any thread may read it while the function runs. Touches the C API.
 */
import type { Device, TensorFlowContext } from '../../tensorflow/context.js';

import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { TensorHandle } from '../../tensorflow/tensor-handle.js';

import { boardShape, MARKS_PER_COLLECTIVE } from './board-layout.js';

/**
 * Chooses the element type of boards. TensorFlow keeps `int32` arguments on the host, where a function on a GPU must
 * write its marks; a function on a CPU other than the first would get a copy of such an argument.
 *
 * @param devices - The devices of all replicas.
 * @returns `float32` on CPUs, else `int32`.
 */
export function boardType(devices: readonly Pick<Device, 'type'>[]): DataTypeCode {
  return devices.every(({ type }) => type === 'CPU') ? DataTypeCode.Float : DataTypeCode.Int32;
}

/** The board of one replica. A mark is 0 until the function writes it. */
export class ProgressBoard {
  /** The function's first argument. */
  readonly handle: TensorHandle;
  /** The address of the marks. Valid while the handle lives. */
  readonly address: number;
  readonly #context: TensorFlowContext;
  readonly #blank: Int32Array;

  /**
   * @param context - Owns the memory.
   * @param device - Where the function runs.
   * @param collectives - How many the step has.
   * @param dtype - See {@link boardType}.
   */
  constructor(context: TensorFlowContext, device: Device, collectives: number, dtype: DataTypeCode) {
    const { api, status, hostTensors, handles } = context;
    const shape = boardShape(collectives);
    this.#context = context;
    this.#blank = new Int32Array(collectives * MARKS_PER_COLLECTIVE);
    const tensor = hostTensors.create(
      dtype === DataTypeCode.Float ? new Float32Array(this.#blank) : this.#blank,
      shape,
      dtype,
    );
    this.address = api.TF_TensorData(tensor);
    const pointer = api.TFE_NewTensorHandle(tensor, status.pointer);
    const error = status.takeErrorIfAny('TFE_NewTensorHandle');
    hostTensors.delete(tensor);
    if (error) throw error;
    const onHost = new TensorHandle(handles, pointer, shape, dtype);
    // Between CPUs the copy is the same memory.
    this.handle = dtype === DataTypeCode.Float ? context.copyToDevice(onHost, device) : onHost;
    if (this.handle !== onHost) onHost.dispose();
  }

  /** Copies the marks. Everything but 0 is a mark. */
  read(): Int32Array {
    const marks = new Int32Array(this.#blank.length);
    this.#context.api.memory.copyOut(marks, this.address);
    return marks;
  }

  /** Erases the marks. No function may be running with the board. */
  clear(): void {
    this.#context.api.memory.copyIn(this.address, this.#blank);
  }
}
