/**
 * Runs ops at once, on one device and one queue of a context. May touch: the C API.
 * One native op object is reused for every call; attributes are encoded once.
 */
import type { CApi } from './c-api.js';
import type { Cancellation } from './cancellation.js';
import type { Device, TensorFlowContext } from './context.js';
import type { NativeBlock } from './native-memory.js';
import type { Handle, HostValues, OpExecutor, OpInput } from './op-executor.js';
import type { OpQueue } from './op-queue.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { AttributeEncoder } from './attribute-encoder.js';
import { attributes, type AttributeSet, NO_ATTRIBUTES, string } from './attributes.js';
import { DATA_TYPE_LAYOUTS, DataTypeCode } from './data-types-table.js';
import { elementWiseShape } from './element-wise.js';
import { isQueueFailure, Status, type TensorFlowError } from './status.js';
import { TensorHandle } from './tensor-handle.js';

/** Interned constants are kept up to this many; older ones go to the garbage collector. */
const MAXIMUM_CONSTANTS = 2048;
const OUTPUT_SLOTS = 64;

/**
 * With this attribute, and only with it, TensorFlow's graph optimizer works on a function before its first call. The text is
 * a ConfigProto with `allow_soft_placement` and all else at its default.
 */
const FUNCTION_ATTRIBUTES = attributes(string('config_proto', '8\u0001'));

/** The first input that an asynchronous queue makes. */
function maker(inputs: readonly OpInput[]): TensorHandle | undefined {
  for (const input of inputs) if (input instanceof TensorHandle && input.queue !== undefined) return input;
  return undefined;
}

function checkRead(status: Status, handle: Handle): void {
  const error = status.takeErrorIfAny('TFE_TensorHandleResolve');
  if (error === undefined) return;
  // Only what a queue makes has it; the op that failed reports its own error, those after it that the queue has stopped.
  throw (handle instanceof TensorHandle ? handle.onFailedRead?.() : undefined) ?? error;
}

/** Where an {@link EagerExecutor} runs. */
export interface EagerExecutorOptions {
  /** TensorFlow's own choice when absent: the first GPU that has the kernel, else the CPU. */
  readonly device?: Device | undefined;
  /** The context's default queue when absent. */
  readonly queue?: OpQueue | undefined;
}

/** The executor of ordinary eager execution. */
export class EagerExecutor implements OpExecutor {
  readonly context: TensorFlowContext;
  readonly #api: CApi;
  readonly #status: Status;
  readonly #encoder: AttributeEncoder;
  readonly #count: NativeBlock;
  readonly #constants = new Map<string, TensorHandle>();
  #outputs: NativeBlock;
  #list: NativeBlock;
  #op = 0;
  #device: Device | undefined;
  #deviceName = 0;
  readonly #queue: OpQueue;
  /** While device scopes are open: the device of the scope that the running code belongs to. */
  deviceSource: (() => Device | undefined) | undefined;
  /** Called when a value of this executor's asynchronous queue turns out to have failed; gives the error to throw. */
  onFailedRead: (() => Error | undefined) | undefined;
  /** How many ops ran, for measurements. */
  executedOps = 0;

  constructor(context: TensorFlowContext, options: EagerExecutorOptions = {}) {
    this.context = context;
    this.#api = context.api;
    this.#status = new Status(context.api);
    this.#encoder = new AttributeEncoder(context.api, context.pointer, this.#status);
    this.#count = context.api.memory.block(8);
    this.#outputs = context.api.memory.block(OUTPUT_SLOTS * 8);
    this.#list = context.api.memory.block(OUTPUT_SLOTS * 8);
    this.#queue = options.queue ?? context.defaultQueue;
    this.device = options.device;
  }

  /** Where its ops wait for their turn. */
  get queue(): OpQueue {
    return this.#queue;
  }

  /** The device of the following ops; undefined leaves the choice to TensorFlow. */
  get device(): Device | undefined {
    return this.#device;
  }

  set device(device: Device | undefined) {
    this.#device = device;
    this.#deviceName = device ? this.#api.memory.constantString(device.name) : 0;
  }

  execute(op: string, attributes: AttributeSet, inputs: readonly OpInput[], outputCount: number): Handle[] {
    this.#run(op, attributes, inputs, outputCount, this.#queue);
    const produced = this.#count.int32[0] as number;
    const handles: Handle[] = [];
    for (let index = 0; index < produced; index++) {
      handles.push(new TensorHandle(this.context.handles, this.#outputs.pointerAt(index)));
    }
    return handles;
  }

  /**
   * Runs an op whose outputs' shapes and element types are known, such as a traced function: nothing has to wait on an
   * asynchronous queue to learn them.
   * @param cancellation - Ends it from outside, and is cancelled when it fails.
   */
  executeKnown(
    op: string,
    inputs: readonly OpInput[],
    outputs: readonly Pick<Handle, 'shape' | 'dtype'>[],
    cancellation?: Pick<Cancellation, 'pointer'>,
  ): TensorHandle[] {
    this.#run(op, FUNCTION_ATTRIBUTES, inputs, outputs.length, this.#queue, cancellation);
    return outputs.map(({ shape, dtype }, index) => {
      const handle = new TensorHandle(this.context.handles, this.#outputs.pointerAt(index), shape, dtype);
      if (this.#queue.isAsync) {
        handle.queue = this.#queue;
        handle.onFailedRead = () => this.onFailedRead?.();
      }
      return handle;
    });
  }

  execute1(op: string, attributes: AttributeSet, inputs: readonly OpInput[]): TensorHandle {
    const queue = maker(inputs)?.queue;
    const shape = queue === undefined ? undefined : elementWiseShape(op, inputs);
    if (queue !== undefined && shape !== undefined) {
      // Behind the function that makes its inputs, instead of waiting for it here.
      this.#run(op, attributes, inputs, 1, queue);
      const handle = new TensorHandle(this.context.handles, this.#outputs.pointerAt(0), shape);
      handle.queue = queue;
      handle.onFailedRead = maker(inputs)?.onFailedRead;
      return handle;
    }
    this.#run(op, attributes, inputs, 1, this.#queue);
    return new TensorHandle(this.context.handles, this.#outputs.pointerAt(0));
  }

  #run(
    op: string,
    attributes: AttributeSet,
    inputs: readonly OpInput[],
    outputCount: number,
    queue: OpQueue,
    cancellation?: Pick<Cancellation, 'pointer'>,
  ): void {
    const api = this.#api;
    const status = this.#status.pointer;
    const device = this.deviceSource === undefined ? this.#deviceName : this.#scopedDeviceName(this.deviceSource());
    this.context.useQueue(queue);
    const encoded = attributes === NO_ATTRIBUTES ? 0 : this.#encoder.encode(op, attributes);
    const name = api.memory.constantString(op);
    if (this.#op === 0) {
      this.#op = api.TFE_NewOp(this.context.pointer, name, status);
      this.#checkCall(op);
      if (device !== 0) api.TFE_OpSetDevice(this.#op, device, status);
    } else {
      api.TFE_OpReset(this.#op, name, device, status);
    }
    this.#checkCall(op);
    if (encoded !== 0) api.TFE_OpAddAttrs(this.#op, encoded);
    for (const input of inputs) {
      if (input instanceof TensorHandle) {
        if (input.pointer === 0) throw this.#disposedInput(op);
        api.TFE_OpAddInput(this.#op, input.pointer, status);
      } else {
        this.#addList(op, input as readonly TensorHandle[]);
      }
      this.#checkCall(op);
    }
    if (outputCount > this.#outputs.slots) this.#outputs = api.memory.block(outputCount * 16);
    if (cancellation !== undefined) api.TFE_OpSetCancellationManager(this.#op, cancellation.pointer, status);
    this.#count.int32[0] = outputCount;
    api.TFE_Execute(this.#op, this.#outputs.address, this.#count.address, status);
    if (api.TF_GetCode(status) !== 0) this.#failed(op, inputs, queue);
    this.executedOps++;
  }

  #scopedDeviceName(scoped: Device | undefined): number {
    return scoped ? this.#api.memory.constantString(scoped.name) : this.#deviceName;
  }

  #addList(op: string, list: readonly TensorHandle[]): void {
    if (list.length > this.#list.slots) this.#list = this.#api.memory.block(list.length * 16);
    list.forEach((handle, index) => {
      if (handle.pointer === 0) throw this.#disposedInput(op);
      this.#list.setPointer(index, handle.pointer);
    });
    this.#api.TFE_OpAddInputList(this.#op, this.#list.address, list.length, this.#status.pointer);
  }

  #disposedInput(op: string): MirrorscopeError {
    return new MirrorscopeError(ErrorCode.InvalidArgument, `${op}: an input tensor was disposed before the op ran.`);
  }

  #failed(op: string, inputs: readonly OpInput[], queue: OpQueue): never {
    const error = this.#takeCallError(op);
    if (!isQueueFailure(error)) throw error;
    throw maker(inputs)?.onFailedRead?.() ?? (queue.isAsync ? this.onFailedRead?.() : undefined) ?? error;
  }

  #checkCall(op: string): void {
    if (this.#api.TF_GetCode(this.#status.pointer) === 0) return;
    throw this.#takeCallError(op);
  }

  #takeCallError(op: string): TensorFlowError {
    const error = this.#status.takeError(op);
    // A half-filled op must not serve the next call.
    if (this.#op !== 0) this.#api.TFE_DeleteOp(this.#op);
    this.#op = 0;
    return error;
  }

  fromHost(values: HostValues, shape: readonly number[], dtype: DataTypeCode): TensorHandle {
    return this.#fromHost(values, shape, dtype, undefined);
  }

  #fromHost(
    values: HostValues,
    shape: readonly number[],
    dtype: DataTypeCode,
    constantValue: HostValues | undefined,
  ): TensorHandle {
    const { hostTensors, handles } = this.context;
    const tensor = hostTensors.create(values, shape, dtype);
    const pointer = this.#api.TFE_NewTensorHandle(tensor, this.#status.pointer);
    const error = this.#status.takeErrorIfAny('TFE_NewTensorHandle');
    if (dtype !== DataTypeCode.String) {
      this.#api.TF_DeleteTensor(tensor);
      if (error) throw error;
      return new TensorHandle(handles, pointer, [...shape], dtype, constantValue);
    }
    // The handle shares characters that nothing would free: a deep copy owns its own.
    if (error) {
      hostTensors.delete(tensor);
      throw error;
    }
    const shared = new TensorHandle(handles, pointer);
    try {
      return this.execute1('DeepCopy', NO_ATTRIBUTES, [shared]);
    } finally {
      shared.dispose();
      hostTensors.delete(tensor);
    }
  }

  constant(values: readonly number[], shape: readonly number[], dtype: DataTypeCode): TensorHandle {
    const key = `${dtype}|${shape.length === 1 ? '' : shape.join(',')}${shape.length === 0 ? '' : '|'}${values.join(',')}`;
    const known = this.#constants.get(key);
    if (known) return known;
    const layout = DATA_TYPE_LAYOUTS.get(dtype);
    if (!layout) throw new MirrorscopeError(ErrorCode.InvalidArgument, 'Constants are numbers.');
    const array =
      dtype === DataTypeCode.Int64
        ? BigInt64Array.from(values, (value) => BigInt(value))
        : (layout.array as Float32ArrayConstructor).from(values);
    const handle = this.#fromHost(array, shape, dtype, array);
    if (this.#constants.size >= MAXIMUM_CONSTANTS)
      this.#constants.delete(this.#constants.keys().next().value as string);
    this.#constants.set(key, handle);
    return handle;
  }

  /** How many constants are interned now: handles that no leak test should count. */
  get internedConstants(): number {
    return this.#constants.size;
  }

  readSync(handle: Handle): HostValues {
    const pointer = this.#pointerOf(handle);
    const tensor = this.#api.TFE_TensorHandleResolve(pointer, this.#status.pointer);
    checkRead(this.#status, handle);
    try {
      return this.context.hostTensors.read(tensor);
    } finally {
      this.#api.TF_DeleteTensor(tensor);
    }
  }

  async read(handle: Handle): Promise<HostValues> {
    const pointer = this.#pointerOf(handle);
    const status = new Status(this.#api);
    const pinned = handle as TensorHandle;
    pinned.pin();
    try {
      const tensor = await this.#api.callAsync('TFE_TensorHandleResolve', pointer, status.pointer);
      checkRead(status, handle);
      try {
        return await this.context.hostTensors.readAsync(tensor);
      } finally {
        this.#api.TF_DeleteTensor(tensor);
      }
    } finally {
      pinned.unpin();
      status.delete();
    }
  }

  #pointerOf(handle: Handle): number {
    const pointer = handle instanceof TensorHandle ? handle.pointer : 0;
    if (pointer === 0)
      throw new MirrorscopeError(ErrorCode.InvalidArgument, 'The tensor was disposed; its value cannot be read.');
    return pointer;
  }
}
