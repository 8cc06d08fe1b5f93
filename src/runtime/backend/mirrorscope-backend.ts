/**
 * The tfjs KernelBackend `mirrorscope`: it keeps, for each tfjs tensor, a handle of the executor, and runs kernels
 * through that executor. Touches tfjs and the executor; TensorFlow itself only through the executor.
 */
import type { Handle, HostValues, OpExecutor } from '../tensorflow/op-executor.js';
import type { Kernel, KernelInputs } from './kernel.js';
import type { TensorInfo } from './tensor-info.js';
import type * as tf from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { attributes, type } from '../tensorflow/attributes.js';
import { asKernelBackend, type NativeBackend } from '../tfjs/kernel-backend.js';
import { loadTfjs, type TensorFlowJs } from '../tfjs/load-tfjs.js';

import { codeOf, exactTypeOf, nearestTypeOf } from './data-types.js';
import { KernelScope } from './kernel-scope.js';

type DataId = Parameters<tf.KernelBackend['read']>[0];
type BackendValues = tf.backend_util.BackendValues;

interface TensorData {
  /** Undefined until the tensor is first used on a device. */
  handle: Handle | undefined;
  /** Host values not yet copied to the device. */
  values: BackendValues | undefined;
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
  refCount: number;
}

/** The backend name under which it is registered. */
export const BACKEND_NAME = 'mirrorscope';

/** Host values in the form that TensorFlow stores. */
function toHostValues(values: BackendValues, dtype: tf.DataType): HostValues {
  switch (dtype) {
    case 'string':
      return values as Uint8Array[];
    case 'bool':
      return values instanceof Uint8Array ? values : Uint8Array.from(values as ArrayLike<number>);
    case 'int32':
      return values instanceof Int32Array ? values : Int32Array.from(values as ArrayLike<number>);
    default:
      return values instanceof Float32Array ? values : Float32Array.from(values as ArrayLike<number>);
  }
}

/**
 * tfjs's backend on TensorFlow. It implements tfjs's KernelBackend and does not extend it, so that importing this module
 * loads no TensorFlow.js; tfjs only calls its methods.
 */
export class MirrorscopeBackend implements NativeBackend {
  #executor: OpExecutor | undefined;
  readonly #openExecutor: () => OpExecutor;
  readonly #tfjs: TensorFlowJs;
  readonly #data: tf.DataStorage<TensorData>;

  /** @param executor what runs the ops, or a function that makes it when the first op needs it. */
  constructor(executor: OpExecutor | (() => OpExecutor), tfjs: TensorFlowJs = loadTfjs()) {
    this.#tfjs = tfjs;
    this.#openExecutor = typeof executor === 'function' ? executor : () => executor;
    this.#data = new tfjs.DataStorage(asKernelBackend(this), tfjs.engine());
  }

  /** Runs every op. May be exchanged between ops, for tracing and for mirrored execution. */
  get executor(): OpExecutor {
    return (this.#executor ??= this.#openExecutor());
  }

  set executor(executor: OpExecutor) {
    this.#executor = executor;
  }

  // --- crossing between tfjs tensors and handles ---

  /** The handle of a tensor, copied to the device first if need be. The backend keeps owning it. */
  handleOf = (info: TensorInfo): Handle => {
    const data = this.#find(info.dataId);
    if (data.handle === undefined) {
      data.handle = this.executor.fromHost(
        toHostValues(data.values as BackendValues, data.dtype),
        data.shape,
        codeOf(data.dtype),
      );
      data.values = undefined;
    } else if (data.handle.isDisposed) {
      throw new MirrorscopeError(ErrorCode.InvalidArgument, 'The tensor was disposed.');
    }
    return data.handle;
  };

  /** A tfjs tensor that takes over a handle. Element types that tfjs lacks are cast to the nearest one. */
  tensorOf(handle: Handle): tf.Tensor {
    // Named, since tfjs would otherwise book the tensor on whichever backend is current.
    return this.#tfjs.engine().makeTensorFromTensorInfo(this.infoOf(handle), asKernelBackend(this));
  }

  /** As {@link tensorOf}, for kernels: no tensor is tracked yet. */
  infoOf(handle: Handle): TensorInfo {
    let own = handle;
    let dtype = exactTypeOf(own.dtype);
    if (dtype === undefined) {
      own = this.executor.execute1('Cast', attributes(type('DstT', nearestTypeOf(handle.dtype))), [handle]);
      handle.dispose();
      dtype = exactTypeOf(own.dtype) as tf.DataType;
    }
    const dataId = {};
    const shape = [...own.shape];
    this.#data.set(dataId, { handle: own, values: undefined, shape, dtype, refCount: 1 });
    return { dataId, shape, dtype };
  }

  /** Puts another handle (of the same shape and type) under a tensor and returns the one that was there; undefined if it was still on the host. */
  replaceHandle(tensor: TensorInfo, handle: Handle): Handle | undefined {
    const data = this.#find(tensor.dataId);
    const previous = data.handle;
    data.handle = handle;
    data.values = undefined;
    return previous;
  }

  /** The host values of a tensor that was not used on a device yet, else undefined. */
  hostValuesOf(tensor: TensorInfo): BackendValues | undefined {
    return this.#find(tensor.dataId).values;
  }

  /** Runs one kernel of the table. */
  runKernel(kernel: Kernel, inputs: KernelInputs, kernelAttributes: unknown): TensorInfo | TensorInfo[] {
    const scope = new KernelScope(this.executor, this.#tfjs, this.handleOf);
    let handles: Handle[];
    let several: boolean;
    try {
      const result = kernel(scope, inputs, kernelAttributes);
      several = Array.isArray(result);
      handles = scope.finish(several ? (result as readonly Handle[]) : [result as Handle]);
    } catch (error) {
      scope.abandon();
      throw error;
    }
    return several ? handles.map((handle) => this.infoOf(handle)) : this.infoOf(handles[0] as Handle);
  }

  #find(dataId: DataId): TensorData {
    // A tensor of another backend is moved here by the storage on first sight.
    const data = this.#data.get(dataId);
    if (!data) throw new MirrorscopeError(ErrorCode.InvalidArgument, 'The tensor was disposed.');
    return data;
  }

  // --- tfjs's KernelBackend ---

  write(values: BackendValues, shape: number[], dtype: tf.DataType): DataId {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  move(dataId: DataId, values: BackendValues, shape: number[], dtype: tf.DataType, refCount: number): void {
    this.#data.set(dataId, { handle: undefined, values, shape, dtype, refCount });
  }

  readSync(dataId: DataId): BackendValues {
    const data = this.#find(dataId);
    if (data.handle === undefined) return data.values as BackendValues;
    return this.executor.readSync(data.handle) as BackendValues;
  }

  async read(dataId: DataId): Promise<BackendValues> {
    const data = this.#find(dataId);
    if (data.handle === undefined) return data.values as BackendValues;
    return (await this.executor.read(data.handle)) as BackendValues;
  }

  disposeData(dataId: DataId, force = false): boolean {
    if (!this.#data.has(dataId)) return true;
    const data = this.#data.get(dataId);
    data.refCount--;
    if (!force && data.refCount > 0) return false;
    data.handle?.dispose();
    this.#data.delete(dataId);
    return true;
  }

  refCount(dataId: DataId): number {
    return this.#data.has(dataId) ? this.#data.get(dataId).refCount : 0;
  }

  incRef(dataId: DataId): void {
    this.#find(dataId).refCount++;
  }

  numDataIds(): number {
    return this.#data.numDataIds();
  }

  floatPrecision(): 16 | 32 {
    return 32;
  }

  epsilon(): number {
    return 1e-7;
  }

  memory(): { unreliable: boolean; reasons?: string[] } {
    return { unreliable: false };
  }

  timerAvailable(): boolean {
    return true;
  }

  async time(run: () => void): Promise<{ kernelMs: number }> {
    const start = performance.now();
    run();
    return { kernelMs: performance.now() - start };
  }

  dispose(): void {
    // Handles belong to tensors, and the context to the process.
  }
}
