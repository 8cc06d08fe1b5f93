/**
 * Where a replica's function marks that it came to a collective and that it went on: host memory of a tensor that the function writes in
 * place, so that any thread may look while the function runs. May touch: the C API.
 */
import type { Device, TensorFlowContext } from '../../tensorflow/context.js';

import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { TensorHandle } from '../../tensorflow/tensor-handle.js';

import { MARKS } from './waiting-times.js';

/** The shape of a board: rows that `InplaceUpdate` writes. */
export const boardShape = (collectives: number): readonly [number, number] => [collectives * MARKS, 1];

/**
 * The element type of boards. TensorFlow keeps `int32` arguments on the host, which is where a function on a GPU must leave its marks; a function on a
 * CPU other than the first would get them from that one, as a part of its own.
 */
export function boardType(devices: readonly Pick<Device, 'type'>[]): DataTypeCode {
  return devices.every(({ type }) => type === 'CPU') ? DataTypeCode.Float : DataTypeCode.Int32;
}

/** The marks of one replica's function: 0 until they are made. */
export class ProgressBoard {
  readonly handle: TensorHandle;
  /** Where the marks are; as long as the handle lives. */
  readonly address: number;
  readonly #context: TensorFlowContext;
  readonly #blank: Int32Array;

  /** @param device - Where the function runs. */
  constructor(context: TensorFlowContext, device: Device, collectives: number, dtype: DataTypeCode) {
    const { api, status, hostTensors, handles } = context;
    const shape = boardShape(collectives);
    this.#context = context;
    this.#blank = new Int32Array(collectives * MARKS);
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
    // Between CPUs that is the same memory.
    this.handle = dtype === DataTypeCode.Float ? context.copyToDevice(onHost, device) : onHost;
    if (this.handle !== onHost) onHost.dispose();
  }

  /** Wipes the marks. No function may be running with it. */
  clear(): void {
    this.#context.api.memory.copyIn(this.address, this.#blank);
  }
}
