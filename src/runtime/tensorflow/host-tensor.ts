/** Copies values between JavaScript arrays and `TF_Tensor`s. Calls the C API. */
import type { CApi } from './c-api.js';
import type { NativeBlock } from './native-memory.js';
import type { HostValues } from './op-executor.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { DATA_TYPE_LAYOUTS, DataTypeCode, dataTypeName } from './data-types-table.js';
import { elementCountOf, MAX_RANK } from './native-checks.js';

/** `sizeof(TF_TString)`. */
const STRING_BYTES = 24;

/** From this many bytes on, copying on another thread takes less time than it costs to start. */
const MIN_ASYNC_BYTES = 1 << 18;

/** Creates and reads `TF_Tensor`s. */
export class HostTensors {
  readonly #api: CApi;
  readonly #dimensions: NativeBlock;

  constructor(api: CApi) {
    this.#api = api;
    this.#dimensions = api.memory.block(MAX_RANK * 8);
  }

  #allocate(shape: readonly number[], dtype: DataTypeCode, bytes: number): number {
    shape.forEach((size, axis) => {
      this.#dimensions.setInteger(axis, size);
    });
    const tensor = this.#api.TF_AllocateTensor(dtype, this.#dimensions.address, shape.length, bytes);
    if (tensor === 0) {
      throw new MirrorscopeError(
        ErrorCode.TensorFlow,
        `TensorFlow could not allocate ${bytes} bytes for a tensor of shape [${shape.join(',')}].`,
      );
    }
    return tensor;
  }

  /**
   * Copies values into a new `TF_Tensor`.
   *
   * @param values - The values.
   * @param shape - Shape of the tensor.
   * @param dtype - Element type of the tensor.
   * @returns Pointer of the tensor. Free it with {@link delete}.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when the values do not fill the shape.
   */
  create(values: HostValues, shape: readonly number[], dtype: DataTypeCode): number {
    if (dtype === DataTypeCode.String) return this.#createStrings(values as readonly Uint8Array[], shape);
    const layout = DATA_TYPE_LAYOUTS.get(dtype);
    if (!layout)
      throw new MirrorscopeError(
        ErrorCode.InvalidArgument,
        `Tensors of type ${dataTypeName(dtype)} cannot be made from host values.`,
      );
    const bytes = elementCountOf(shape) * layout.bytes;
    const array = values as Exclude<HostValues, readonly Uint8Array[]>;
    if (array.byteLength !== bytes) {
      throw new MirrorscopeError(
        ErrorCode.InvalidArgument,
        `A ${layout.name} tensor of shape [${shape.join(',')}] needs ${bytes} bytes, but the values have ${array.byteLength}.`,
      );
    }
    const tensor = this.#allocate(shape, dtype, bytes);
    this.#api.memory.copyIn(this.#api.TF_TensorData(tensor), array, bytes);
    return tensor;
  }

  #createStrings(values: readonly Uint8Array[], shape: readonly number[]): number {
    const count = elementCountOf(shape);
    if (!Array.isArray(values) || values.length !== count || !values.every((value) => value instanceof Uint8Array)) {
      throw new MirrorscopeError(
        ErrorCode.InvalidArgument,
        `A string tensor of shape [${shape.join(',')}] needs the encoded bytes of ${count} strings.`,
        { hint: 'Make it with tf.tensor, which encodes strings.' },
      );
    }
    const tensor = this.#allocate(shape, DataTypeCode.String, values.length * STRING_BYTES);
    const data = this.#api.TF_TensorData(tensor);
    values.forEach((value, index) => {
      const at = data + index * STRING_BYTES;
      this.#api.TF_StringInit(at);
      this.#api.TF_StringCopy(at, value, value.byteLength);
    });
    return tensor;
  }

  /**
   * Frees a tensor of {@link create}, and the characters of a string tensor, which `TF_DeleteTensor` alone would leak.
   *
   * @param tensor - Pointer of the tensor.
   */
  delete(tensor: number): void {
    if (this.#api.TF_TensorType(tensor) === DataTypeCode.String) {
      const data = this.#api.TF_TensorData(tensor);
      const count = this.#api.TF_TensorElementCount(tensor);
      for (let index = 0; index < count; index++) this.#api.TF_StringDealloc(data + index * STRING_BYTES);
    }
    this.#api.TF_DeleteTensor(tensor);
  }

  /** Makes an array of the tensor's size and type. */
  #target(tensor: number): Exclude<HostValues, readonly Uint8Array[]> {
    const dtype = this.#api.TF_TensorType(tensor);
    const layout = DATA_TYPE_LAYOUTS.get(dtype);
    if (!layout)
      throw new MirrorscopeError(
        ErrorCode.InvalidArgument,
        `The value of a ${dataTypeName(dtype)} tensor cannot be read.`,
      );
    return new layout.array(this.#api.TF_TensorByteSize(tensor) / layout.array.BYTES_PER_ELEMENT);
  }

  /**
   * Copies the values of a tensor to JavaScript.
   *
   * @param tensor - Pointer of the tensor.
   * @returns The values.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` for an element type that JavaScript cannot store.
   */
  read(tensor: number): HostValues {
    if (this.#api.TF_TensorType(tensor) === DataTypeCode.String) return this.#readStrings(tensor);
    const target = this.#target(tensor);
    this.#api.memory.copyOut(target, this.#api.TF_TensorData(tensor));
    return target;
  }

  /**
   * Copies the values of a tensor to JavaScript. Copies a large tensor on another thread.
   *
   * @param tensor - Pointer of the tensor. It must stay alive until the promise settles.
   * @returns The values.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` for an element type that JavaScript cannot store.
   */
  async readAsync(tensor: number): Promise<HostValues> {
    if (
      this.#api.TF_TensorType(tensor) === DataTypeCode.String ||
      this.#api.TF_TensorByteSize(tensor) < MIN_ASYNC_BYTES
    ) {
      return this.read(tensor);
    }
    const target = this.#target(tensor);
    await this.#api.memory.copyOutAsync(target, this.#api.TF_TensorData(tensor));
    return target;
  }

  #readStrings(tensor: number): Uint8Array[] {
    const data = this.#api.TF_TensorData(tensor);
    const count = this.#api.TF_TensorElementCount(tensor);
    return Array.from({ length: count }, (_unused, index) => {
      const at = data + index * STRING_BYTES;
      const bytes = new Uint8Array(this.#api.TF_StringGetSize(at));
      this.#api.memory.copyOut(bytes, this.#api.TF_StringGetDataPointer(at));
      return bytes;
    });
  }
}
