/** Runs ops immediately, on one device and one queue of a context. Calls the C API. */
import type { CApi } from './c-api.js';
import type { Cancellation } from './cancellation.js';
import type { Device, TensorFlowContext } from './context.js';
import type { NativeBlock } from './native-memory.js';
import type { Handle, HostValues, OpExecutor, OpInput } from './op-executor.js';
import type { OpQueue } from './op-queue.js';
import type { ResultSize } from './result-sizes-table.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { AttributeEncoder } from './attribute-encoder.js';
import { attributes, type AttributeSet, NO_ATTRIBUTES, string } from './attributes.js';
import { DATA_TYPE_LAYOUTS, DataTypeCode } from './data-types-table.js';
import { elementWiseShape } from './element-wise.js';
import { checkFits, checkInt32, checkNumber } from './native-checks.js';
import { checkArguments, OpSignatures } from './op-signatures.js';
import { isQueueFailure, Status, type TensorFlowError } from './status.js';
import { StatusCode } from './status-code.js';
import { type OutsideValue, TensorHandle } from './tensor-handle.js';

/** How many interned constants are kept. The garbage collector frees older ones. */
const MAX_CONSTANTS = 2048;
const OUTPUT_SLOTS = 64;

/**
 * TensorFlow optimizes the graph of a function before its first call only when the call has this attribute. The text is
 * a ConfigProto with `allow_soft_placement` set and everything else at its default.
 */
const FUNCTION_ATTRIBUTES = attributes(string('config_proto', '8\u0001'));

/** Finds the first input that an asynchronous queue computes. */
function firstQueuedInput(inputs: readonly OpInput[]): TensorHandle | undefined {
  for (const input of inputs) if (input instanceof TensorHandle && input.queue !== undefined) return input;
  return undefined;
}

function checkRead(status: Status, handle: Handle): void {
  const error = status.takeErrorIfAny('TFE_TensorHandleResolve');
  if (error === undefined) return;
  // Only values of an asynchronous queue have onFailedRead. It knows the error of the op that failed; TensorFlow
  // reports to later ops only that the queue has stopped.
  throw (handle instanceof TensorHandle ? handle.onFailedRead?.() : undefined) ?? error;
}

/** Where an {@link EagerExecutor} runs its ops. */
export interface EagerExecutorOptions {
  /** By default TensorFlow chooses: the first GPU with a kernel for the op, else the CPU. */
  readonly device?: Device | undefined;
  /** By default the context's default queue. */
  readonly queue?: OpQueue | undefined;
}

/** Runs ops eagerly. Reuses one native op object for all calls, and encodes each attribute set once. */
export class EagerExecutor implements OpExecutor {
  readonly context: TensorFlowContext;
  readonly #api: CApi;
  readonly #status: Status;
  readonly #encoder: AttributeEncoder;
  readonly #signatures: OpSignatures;
  readonly #count: NativeBlock;
  readonly #constants = new Map<string, TensorHandle>();
  readonly #peek = (handle: Handle): HostValues => this.peek(handle);
  #outputs: NativeBlock;
  #list: NativeBlock;
  #op = 0;
  #device: Device | undefined;
  #deviceName = 0;
  readonly #queue: OpQueue;
  /** Set while device scopes are open: gives the device of the scope in which the running code is. */
  deviceSource: (() => Device | undefined) | undefined;
  /** Called when the op of a value in this executor's asynchronous queue has failed. Returns the error to throw. */
  onFailedRead: (() => Error | undefined) | undefined;
  /** Number of ops run, for measurements. */
  executedOps = 0;

  constructor(context: TensorFlowContext, options: EagerExecutorOptions = {}) {
    this.context = context;
    this.#api = context.api;
    this.#status = new Status(context.api);
    this.#encoder = new AttributeEncoder(context.api, context.pointer, this.#status);
    this.#signatures = new OpSignatures(context.api, context.messages);
    this.#count = context.api.memory.block(8);
    this.#outputs = context.api.memory.block(OUTPUT_SLOTS * 8);
    this.#list = context.api.memory.block(OUTPUT_SLOTS * 8);
    this.#queue = options.queue ?? context.defaultQueue;
    this.device = options.device;
  }

  /** The queue that its ops run on. */
  get queue(): OpQueue {
    return this.#queue;
  }

  /** The device of the following ops. With undefined, TensorFlow chooses. */
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
   * Runs a function whose output shapes and element types are known. On an asynchronous queue, the call need not wait
   * for the function to learn them.
   *
   * @param op - Name of the function.
   * @param inputs - Its arguments.
   * @param outputs - Shapes and element types of its results.
   * @param cancellation - Cancels the function; is itself cancelled when the function fails.
   * @returns The results.
   * @throws {TensorFlowError} When the function, or an earlier op of the queue, failed.
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
    const outside = this.context.runOutside?.(op, inputs);
    if (outside !== undefined) return outside;
    const queue = firstQueuedInput(inputs)?.queue;
    const shape = queue === undefined ? undefined : elementWiseShape(op, inputs);
    if (queue !== undefined && shape !== undefined) {
      // Runs on the queue that computes its inputs, so that nothing waits for them here.
      this.#run(op, attributes, inputs, 1, queue);
      const handle = new TensorHandle(this.context.handles, this.#outputs.pointerAt(0), shape);
      handle.queue = queue;
      handle.onFailedRead = firstQueuedInput(inputs)?.onFailedRead;
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
    const signature = this.#signatures.of(op);
    checkArguments(op, signature, inputs);
    if (signature.resultSize !== undefined) this.#checkResult(op, signature.resultSize, inputs);
    const encoded = attributes === NO_ATTRIBUTES ? 0 : this.#encoder.encode(op, attributes);
    const { name } = signature;
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
    if (signature.lists === undefined) this.#executeFunction();
    else api.TFE_Execute(this.#op, this.#outputs.address, this.#count.address, status);
    if (api.TF_GetCode(status) !== StatusCode.Ok) this.#failed(op, inputs, queue);
    this.executedOps++;
  }

  /** The first call of a function starts threads that fold its constants, and others. */
  #executeFunction(): void {
    const { signals, TFE_Execute } = this.#api;
    signals.during(() => {
      TFE_Execute(this.#op, this.#outputs.address, this.#count.address, this.#status.pointer);
    });
  }

  #checkResult(op: string, { elements, typeOf }: ResultSize, inputs: readonly OpInput[]): void {
    const count = elements(inputs, this.#peek);
    if (count !== undefined) checkFits(op, count, (inputs[typeOf] as Handle).dtype);
  }

  #scopedDeviceName(scoped: Device | undefined): number {
    return scoped ? this.#api.memory.constantString(scoped.name) : this.#deviceName;
  }

  #addList(op: string, list: readonly TensorHandle[]): void {
    if (list.length > this.#list.slots) this.#list = this.#api.memory.block(list.length * 16);
    list.forEach((handle, index) => {
      if (!(handle instanceof TensorHandle) || handle.pointer === 0) throw this.#disposedInput(op);
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
    throw firstQueuedInput(inputs)?.onFailedRead?.() ?? (queue.isAsync ? this.onFailedRead?.() : undefined) ?? error;
  }

  #checkCall(op: string): void {
    if (this.#api.TF_GetCode(this.#status.pointer) === StatusCode.Ok) return;
    throw this.#takeCallError(op);
  }

  #takeCallError(op: string): TensorFlowError {
    const error = this.#status.takeError(op);
    // The next call must not reuse an op that already has some inputs.
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
    // The handle shares the characters of the host tensor, and would not free them. A deep copy owns its characters.
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
    if (!layout) throw new MirrorscopeError(ErrorCode.InvalidArgument, 'A constant must be a number.');
    values.forEach(dtype === DataTypeCode.Int32 || dtype === DataTypeCode.Int64 ? checkInt32 : checkNumber);
    const array =
      dtype === DataTypeCode.Int64
        ? BigInt64Array.from(values, (value) => BigInt(value))
        : (layout.array as Float32ArrayConstructor).from(values);
    const handle = this.#fromHost(array, shape, dtype, array);
    if (this.#constants.size >= MAX_CONSTANTS) this.#constants.delete(this.#constants.keys().next().value as string);
    this.#constants.set(key, handle);
    return handle;
  }

  /** Number of interned constants. Leak tests subtract them from the handles that are alive. */
  get internedConstants(): number {
    return this.#constants.size;
  }

  readSync(handle: Handle): HostValues {
    if (handle instanceof TensorHandle && handle.isOutside) return (handle.outside as OutsideValue).readSync();
    const { pointer } = this.#readable(handle);
    const tensor = this.#api.TFE_TensorHandleResolve(pointer, this.#status.pointer);
    checkRead(this.#status, handle);
    try {
      return this.context.hostTensors.read(tensor);
    } finally {
      this.#api.TF_DeleteTensor(tensor);
    }
  }

  peek(handle: Handle): HostValues {
    return this.readSync(handle);
  }

  async read(handle: Handle): Promise<HostValues> {
    if (handle instanceof TensorHandle && handle.isOutside) return (handle.outside as OutsideValue).read();
    const pinned = this.#readable(handle);
    const { pointer } = pinned;
    const status = new Status(this.#api);
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

  #readable(handle: Handle): TensorHandle {
    if (!(handle instanceof TensorHandle) || handle.pointer === 0)
      throw new MirrorscopeError(ErrorCode.InvalidArgument, 'The tensor was disposed; its value cannot be read.');
    return handle;
  }
}
