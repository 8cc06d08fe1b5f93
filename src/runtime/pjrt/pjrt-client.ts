/** XLA on the devices of one plugin: copies values to devices and compiles programs. Calls the C API. */
import type { DataTypeCode } from '../tensorflow/data-types-table.js';
import type { ArrayBlock } from './array-memory.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { dataTypeName } from '../tensorflow/data-types-table.js';

import { encodeCompileOptions } from './compile-options.js';
import { ELEMENT_TYPES } from './element-types-table.js';
import { BufferOwner, PjrtBuffer, type ValueType } from './pjrt-buffer.js';
import { type DeviceMemory, listDevices, memoryOf, type PjrtDevice } from './pjrt-device.js';
import { PjrtError, PjrtStatus } from './pjrt-error.js';
import { PjrtExecutable } from './pjrt-executable.js';
import { PluginApi } from './plugin-api.js';

/** `PJRT_HostBufferSemantics_kImmutableOnlyDuringCall`: the plugin copies the values before the call returns. */
const COPY_DURING_CALL = 0;
/** `PJRT_NamedValue_kInt64`. */
const INT64_OPTION = 1;

/** Settings of a client. */
export interface ClientOptions {
  /** How many devices a plugin for CPUs makes. By default, the plugin decides. */
  readonly cpuDevices?: number | undefined;
}

/** A program to compile. */
export interface ProgramText {
  /** StableHLO as text. */
  readonly text: string;
  /** The results of the program. */
  readonly results: readonly ValueType[];
  /** On which devices it runs: one replica for each. */
  readonly devices: readonly PjrtDevice[];
}

function createClient(api: PluginApi, { cpuDevices }: ClientOptions): number {
  const name = 'cpu_device_count';
  const option = api.struct('PJRT_NamedValue', {
    name: api.constantString(name),
    name_size: name.length,
    type: INT64_OPTION,
    value: cpuDevices ?? 0,
    value_size: 1,
  });
  const create = (options: number): number =>
    api.signals.during(() =>
      api.call('PJRT_Client_Create', { create_options: option.address, num_options: options }).get('client'),
    );
  if (cpuDevices === undefined) return create(0);
  try {
    return create(1);
  } catch (error) {
    // Plugins for accelerators refuse the option.
    if (!(error instanceof PjrtError) || !/option/i.test(error.message)) throw error;
    return create(0);
  }
}

/** One client of a plugin. A thread needs one, and keeps it: the threads of XLA end with the process. */
export class PjrtClient {
  readonly api: PluginApi;
  readonly buffers: BufferOwner;
  readonly devices: readonly PjrtDevice[];
  /** `cpu`, `cuda`, `tpu`, … */
  readonly platform: string;
  readonly platformVersion: string;
  readonly #client: number;
  /** What a call of the plugin reads. Without it, the collector may take an array of which only the address is used. */
  held: readonly unknown[] = [];

  /**
   * Starts XLA.
   *
   * @param path - The library of the plugin.
   * @param options - Settings.
   * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` when the library cannot be used, or has no devices.
   */
  constructor(path: string, options: ClientOptions = {}) {
    const api = new PluginApi(path);
    this.api = api;
    try {
      this.#client = createClient(api, options);
    } catch (cause) {
      if (!(cause instanceof PjrtError)) throw cause;
      throw new MirrorscopeError(
        ErrorCode.EngineUnavailable,
        `The PJRT plugin ${path} cannot start: ${cause.message}`,
        { cause, hint: 'Check that the device and its driver work, or use another engine.' },
      );
    }
    this.buffers = new BufferOwner(api);
    this.platform = this.#name('PJRT_Client_PlatformName', 'platform_name');
    this.platformVersion = this.#name('PJRT_Client_PlatformVersion', 'platform_version');
    this.devices = listDevices(api, this.#client);
    if (this.devices.length > 0) return;
    throw new MirrorscopeError(ErrorCode.EngineUnavailable, `The PJRT plugin ${path} has no devices here.`);
  }

  #name(operation: 'PJRT_Client_PlatformName' | 'PJRT_Client_PlatformVersion', field: string): string {
    const call = this.api.call(operation, { client: this.#client });
    return this.api.text(call.get(field), call.get(`${field}_size`));
  }

  /**
   * Finds a device.
   *
   * @param index - Its number, from 0.
   * @returns The device.
   * @throws {MirrorscopeError} `UNKNOWN_DEVICE` when there is none of this number.
   */
  deviceAt(index: number): PjrtDevice {
    const device = this.devices[index];
    if (device !== undefined) return device;
    const names = this.devices.map((each) => `${this.platform}:${String(each.index)}`).join(', ');
    throw new MirrorscopeError(
      ErrorCode.UnknownDevice,
      `There is no device ${String(index)} of the PJRT plugin; it has ${names}.`,
    );
  }

  /** How much memory of a device is in use; undefined where the plugin does not say. */
  memoryOf(device: PjrtDevice): DeviceMemory | undefined {
    return memoryOf(this.api, device);
  }

  /**
   * Copies host values to a device.
   *
   * @param values - The values, or the address of native memory that holds them.
   * @param type - Their type.
   * @param device - Where to.
   * @returns The value. The caller disposes of it.
   * @throws {PjrtError} For example when the memory does not suffice.
   */
  upload(values: ArrayBufferView | number, type: ValueType, device: PjrtDevice): PjrtBuffer {
    const dims = this.#dims(type.shape);
    this.held = [values, dims];
    const call = this.api.call('PJRT_Client_BufferFromHostBuffer', {
      client: this.#client,
      data: typeof values === 'number' ? values : this.api.addressOf(values),
      type: elementCode(type.dtype),
      dims: dims.address,
      num_dims: type.shape.length,
      host_buffer_semantics: COPY_DURING_CALL,
      device: device.pointer,
    });
    this.held = [];
    const event = call.get('done_with_host_buffer');
    const buffer = new PjrtBuffer(this.buffers, call.get('buffer'), device, type);
    if (event !== 0) this.api.call('PJRT_Event_Destroy', { event });
    return buffer;
  }

  /**
   * Makes a value that could not be computed. Whatever reads it fails, too.
   *
   * @param message - Says why.
   * @param type - The type that it would have.
   * @param device - Where it would be.
   * @returns The value. The caller disposes of it.
   */
  failedValue(message: string, type: ValueType, device: PjrtDevice): PjrtBuffer {
    const text = new TextEncoder().encode(message);
    const dims = this.#dims(type.shape);
    this.held = [text, dims];
    const memory = this.api.call('PJRT_Device_DefaultMemory', { device: device.pointer }).get('memory');
    const call = this.api.call('PJRT_Client_CreateErrorBuffer', {
      client: this.#client,
      error_code: PjrtStatus.Internal,
      error_message: this.api.addressOf(text),
      error_message_size: text.length,
      shape_dims: dims.address,
      shape_num_dims: type.shape.length,
      shape_element_type: elementCode(type.dtype),
      memory,
    });
    this.held = [];
    return new PjrtBuffer(this.buffers, call.get('buffer'), device, type);
  }

  #dims(shape: readonly number[]): ArrayBlock {
    const dims = this.api.block(8 * shape.length);
    shape.forEach((size, axis) => {
      dims.set(axis, size);
    });
    return dims;
  }

  /**
   * Compiles a program.
   *
   * @param program - The program.
   * @returns The executable. The caller disposes of it.
   * @throws {PjrtError} With XLA's message when the program does not compile.
   */
  compile({ text, results, devices }: ProgramText): PjrtExecutable {
    const { api } = this;
    const code = new TextEncoder().encode(text);
    const format = 'mlir';
    const program = api.struct('PJRT_Program', {
      code: api.addressOf(code),
      code_size: code.length,
      format: api.constantString(format),
      format_size: format.length,
    });
    const encoded = encodeCompileOptions({ replicas: devices.length, deviceIds: devices.map(({ id }) => id) });
    this.held = [code, program, encoded];
    const executable = api.signals.during(() =>
      api
        .call('PJRT_Client_Compile', {
          client: this.#client,
          program: program.address,
          compile_options: api.addressOf(encoded),
          compile_options_size: encoded.length,
        })
        .get('executable'),
    );
    this.held = [];
    return new PjrtExecutable(this.buffers, executable, devices, results);
  }
}

function elementCode(dtype: DataTypeCode): number {
  const type = ELEMENT_TYPES.get(dtype);
  if (type !== undefined) return type.code;
  throw new PjrtError(PjrtStatus.Unimplemented, 'upload', `XLA has no values of type ${dataTypeName(dtype)}.`);
}
