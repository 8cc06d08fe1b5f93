/**
 * Where a replica's function marks that it came to a collective and that it went on: host memory of a tensor that the function writes in
 * place, so that any thread may look while the function runs. May touch: the C API.
 */
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import type { TensorFlowContext } from '../../tensorflow/context.js';
import { TensorHandle } from '../../tensorflow/tensor-handle.js';
import { MARKS } from './waiting-times.js';

/** The shape of a board: rows that `InplaceUpdate` writes. */
export const boardShape = (collectives: number): readonly [number, number] => [collectives * MARKS, 1];

/** The marks of one replica's function. */
export class MarkBoard {
  readonly handle: TensorHandle;
  /** Where the marks are; as long as the handle lives. */
  readonly address: number;
  readonly #context: TensorFlowContext;
  readonly #blank: Int32Array;

  constructor(context: TensorFlowContext, collectives: number) {
    const { api, status, hostTensors, handles } = context;
    const shape = boardShape(collectives);
    this.#context = context;
    this.#blank = new Int32Array(collectives * MARKS);
    const tensor = hostTensors.create(this.#blank, shape, DataTypeCode.Int32);
    this.address = api.TF_TensorData(tensor);
    const pointer = api.TFE_NewTensorHandle(tensor, status.pointer);
    const error = status.takeErrorIfAny('TFE_NewTensorHandle');
    hostTensors.delete(tensor);
    if (error) throw error;
    this.handle = new TensorHandle(handles, pointer, shape, DataTypeCode.Int32);
  }

  /** Wipes the marks. No function may be running with it. */
  clear(): void {
    this.#context.api.memory.copyIn(this.address, this.#blank);
  }

  /** Whether the function came through its first collective. */
  get isMarked(): boolean {
    const marks = new Int32Array(MARKS);
    this.#context.api.memory.copyOut(marks, this.address);
    return marks.includes(1);
  }
}
