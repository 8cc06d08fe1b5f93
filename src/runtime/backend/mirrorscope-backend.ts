/**
 * The tfjs backend `mirrorscope`. Keeps a handle of the executor for each tfjs tensor, and runs kernels through that
 * executor; it does not call TensorFlow itself. Changes tfjs's data storage. Runs ops.
 */
import type { Handle, HostValues, OpExecutor } from '../tensorflow/op-executor.js';
import type { Kernel, KernelInputs } from './kernel.js';
import type { TensorInfo } from './tensor-info.js';
import type * as tf from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { attributes, NO_ATTRIBUTES, type } from '../tensorflow/attributes.js';
import { DataTypeCode } from '../tensorflow/data-types-table.js';
import { asKernelBackend, type NativeBackend } from '../tfjs/kernel-backend.js';
import { loadTfjs, type TensorFlowJs } from '../tfjs/load-tfjs.js';

import { codeOf, exactTypeOf, nearestTypeOf } from './data-types.js';
import { KernelScope } from './kernel-scope.js';
import { checkShapeClaim, checkTypeClaim } from './tensor-claims.js';

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
  /** The same values in the shape or type of other tensors; see {@link MirrorscopeBackend.handleOf}. */
  views?: Map<string, Handle>;
}

function isSameShape(one: readonly number[], other: readonly number[]): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let axis = 0; axis < one.length; axis++) if (one[axis] !== other[axis]) return false;
  return true;
}

function disposeViews(data: TensorData): void {
  for (const view of data.views?.values() ?? []) view.dispose();
  delete data.views;
}

/** The name under which tfjs knows the backend. */
export const BACKEND_NAME = 'mirrorscope';

/** Converts host values to the typed array that TensorFlow copies. */
function toHostValues(values: BackendValues, dtype: tf.DataType): HostValues {
  switch (dtype) {
    case 'string':
      return values;
    case 'bool':
      return values instanceof Uint8Array ? values : Uint8Array.from(values as ArrayLike<number>);
    case 'int32':
      return values instanceof Int32Array ? values : Int32Array.from(values as ArrayLike<number>);
    default:
      return values instanceof Float32Array ? values : Float32Array.from(values as ArrayLike<number>);
  }
}

/**
 * tfjs's backend on TensorFlow. Implements tfjs's KernelBackend without extending the class, so that importing this
 * module does not load TensorFlow.js.
 */
export class MirrorscopeBackend implements NativeBackend {
  #executor: OpExecutor | undefined;
  readonly #openExecutor: () => OpExecutor;
  readonly #tfjs: TensorFlowJs;
  readonly #data: tf.DataStorage<TensorData>;

  /**
   * @param executor - Runs the ops, or a function that makes the executor when the first op runs.
   * @param tfjs - The TensorFlow.js whose tensors the backend holds.
   */
  constructor(executor: OpExecutor | (() => OpExecutor), tfjs: TensorFlowJs = loadTfjs()) {
    this.#tfjs = tfjs;
    this.#openExecutor = typeof executor === 'function' ? executor : () => executor;
    this.#data = new tfjs.DataStorage(asKernelBackend(this), tfjs.engine());
  }

  /** Runs every op. Can be replaced between ops, for tracing and for mirrored execution. */
  get executor(): OpExecutor {
    return (this.#executor ??= this.#openExecutor());
  }

  set executor(executor: OpExecutor) {
    this.#executor = executor;
  }

  // --- conversion between tfjs tensors and handles ---

  /**
   * Looks up the handle of a tensor, and copies the tensor to the device on its first use.
   *
   * On other backends of tfjs, a reshaped or cast tensor shares its data with the original. When such data moves here,
   * the tensors still share it, although their shapes and types differ.
   *
   * @param info - The tensor.
   * @returns Its handle, which the backend still owns.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when the tensor was disposed, or has a shape of another size than its
   *   data.
   */
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
    if (info.dtype === data.dtype && isSameShape(info.shape, data.shape)) return data.handle;
    return this.#viewOf(info, data, data.handle);
  };

  #viewOf({ shape, dtype }: TensorInfo, data: TensorData, handle: Handle): Handle {
    const views = (data.views ??= new Map<string, Handle>());
    const key = `${dtype} ${shape.join()}`;
    const known = views.get(key);
    if (known !== undefined) return known;
    checkShapeClaim(shape, data);
    const { executor } = this;
    const sizes = executor.constant(shape, [shape.length], DataTypeCode.Int32);
    const reshaped = executor.execute1('Reshape', NO_ATTRIBUTES, [handle, sizes]);
    let view = reshaped;
    if (dtype !== data.dtype) {
      try {
        view = executor.execute1('Cast', attributes(type('DstT', codeOf(dtype))), [reshaped]);
      } finally {
        reshaped.dispose();
      }
    }
    views.set(key, view);
    return view;
  }

  /**
   * Makes a tfjs tensor of a handle. Casts element types that tfjs lacks to the nearest one.
   *
   * @param handle - The handle. The tensor takes it over.
   * @returns The tensor.
   */
  tensorOf(handle: Handle): tf.Tensor {
    // Names the backend: by default tfjs assigns the tensor to its current backend.
    return this.#tfjs.engine().makeTensorFromTensorInfo(this.infoOf(handle), asKernelBackend(this));
  }

  /**
   * Makes a tensor for the result of a kernel, which tfjs does not track yet. Otherwise the same as {@link tensorOf}.
   *
   * @param handle - The handle. The tensor takes it over.
   * @returns The tensor.
   */
  infoOf(handle: Handle): TensorInfo {
    let own = handle;
    let dtype = exactTypeOf(own.dtype);
    if (dtype === undefined) {
      const nearest = nearestTypeOf(handle.dtype);
      own = this.executor.execute1('Cast', attributes(type('DstT', codeOf(nearest))), [handle]);
      handle.dispose();
      dtype = nearest;
    }
    const dataId = {};
    const shape = [...own.shape];
    this.#data.set(dataId, { handle: own, values: undefined, shape, dtype, refCount: 1 });
    return { dataId, shape, dtype };
  }

  /**
   * Replaces the handle of a tensor.
   *
   * @param tensor - The tensor.
   * @param handle - A handle of the same shape and type.
   * @returns The previous handle, which the caller must dispose; undefined if the tensor was not on a device yet.
   */
  replaceHandle(tensor: TensorInfo, handle: Handle): Handle | undefined {
    const data = this.#find(tensor.dataId);
    const previous = data.handle;
    data.handle = handle;
    data.values = undefined;
    disposeViews(data);
    return previous;
  }

  /**
   * Looks up the host values of a tensor.
   *
   * @param tensor - The tensor.
   * @returns Its values, or undefined once it is on a device.
   */
  hostValuesOf(tensor: TensorInfo): BackendValues | undefined {
    return this.#find(tensor.dataId).values;
  }

  /**
   * Runs one kernel.
   *
   * @param kernel - The kernel.
   * @param inputs - Its inputs, by tfjs's names.
   * @param kernelAttributes - Its attributes, by tfjs's names.
   * @returns Its results.
   */
  runKernel(kernel: Kernel, inputs: KernelInputs, kernelAttributes: object): TensorInfo | TensorInfo[] {
    const scope = new KernelScope(this.executor, this.#tfjs, this.handleOf);
    let handles: Handle[];
    let several: boolean;
    try {
      const result = kernel(scope, inputs, kernelAttributes as never);
      several = Array.isArray(result);
      handles = scope.finish(several ? (result as readonly Handle[]) : [result as Handle]);
    } catch (error) {
      scope.abandon();
      throw error;
    }
    return several ? handles.map((handle) => this.infoOf(handle)) : this.infoOf(handles[0] as Handle);
  }

  #find(dataId: DataId): TensorData {
    let data: TensorData | undefined;
    try {
      // The storage moves a tensor of another backend here on its first use.
      data = this.#data.get(dataId);
    } catch (cause) {
      // tfjs does not know it.
      if (!(cause instanceof TypeError)) throw cause;
    }
    if (data === undefined) throw new MirrorscopeError(ErrorCode.InvalidArgument, 'The tensor was disposed.');
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
    disposeViews(data);
    this.#data.delete(dataId);
    return true;
  }

  refCount(dataId: DataId): number {
    return this.#data.has(dataId) ? this.#data.get(dataId).refCount : 0;
  }

  incRef(dataId: DataId): void {
    this.#find(dataId).refCount++;
  }

  /**
   * Lets another tensor have the data of a tensor.
   *
   * @param tensor - The tensor.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when its data cannot have its shape or type.
   */
  shareData(tensor: TensorInfo): void {
    const data = this.#find(tensor.dataId);
    checkShapeClaim(tensor.shape, data);
    checkTypeClaim(tensor.dtype, data);
    data.refCount++;
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

  time(run: () => void): Promise<{ kernelMs: number }> {
    const start = performance.now();
    run();
    return Promise.resolve({ kernelMs: performance.now() - start });
  }

  dispose(): void {
    // Tensors own the handles, and the process owns the context.
  }
}

/**
 * Narrows a backend of tfjs to ours. Also accepts the backend of another copy of this package, which `instanceof` would
 * not.
 *
 * @param backend - A backend of tfjs.
 * @returns The same object.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` for another backend.
 */
export function asMirrorscopeBackend(backend: unknown): MirrorscopeBackend {
  if (isMirrorscopeBackend(backend)) return backend;
  throw new MirrorscopeError(ErrorCode.InvalidArgument, `The tensor is not on the ${BACKEND_NAME} backend.`);
}

function isMirrorscopeBackend(backend: unknown): backend is MirrorscopeBackend {
  return typeof backend === 'object' && backend !== null && 'handleOf' in backend && 'runKernel' in backend;
}
