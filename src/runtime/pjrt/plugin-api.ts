/**
 * Opens a PJRT plugin and calls the functions of its C API: fills in the struct of their arguments, and turns errors
 * into ours. Calls koffi.
 */
import type * as koffiTypes from 'koffi';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { CallGate } from '../tensorflow/call-gate.js';
import { keepLoaded } from '../tensorflow/keep-loaded.js';
import { type Koffi, loadKoffi, MAX_ASYNC_CALLS } from '../tensorflow/load-koffi.js';
import { NativeMemory } from '../tensorflow/native-memory.js';
import { SignalMask } from '../tensorflow/signal-mask.js';

import { addressOf, ArrayBlock } from './array-memory.js';
import { PjrtError } from './pjrt-error.js';
import { layoutOf, type StructLayout } from './struct-layout.js';
import {
  type FunctionDeclaration,
  FUNCTIONS_OFFSET,
  MAJOR_VERSION,
  OLDEST_MINOR_VERSION,
  PJRT_FUNCTIONS,
  PJRT_STRUCTS,
  type PjrtFunction,
  type PjrtStruct,
  type StructDeclaration,
} from './struct-layouts-table.js';

type NativeFunction = ReturnType<koffiTypes.LibraryHandle['func']>;

/** One struct in native memory. Reads and writes its fields as numbers. */
export interface NativeStruct {
  readonly address: number;
  get(field: string): number;
  set(field: string, value: number): void;
}

const HINT = 'Set MIRRORSCOPE_PJRT_PLUGIN to the library of a PJRT plugin; docs/pjrt.md lists where they come from.';

function unusable(message: string, cause?: unknown): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.EngineUnavailable, message, { hint: HINT, cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Finds the table of functions of a library. */
function openTable(koffi: Koffi, path: string): number {
  let library: koffiTypes.LibraryHandle;
  try {
    library = koffi.load(path, { lazy: true });
  } catch (cause) {
    throw unusable(`The PJRT plugin ${path} cannot be loaded: ${messageOf(cause)}`, cause);
  }
  let getApi: NativeFunction;
  try {
    getApi = library.func('GetPjrtApi', 'uintptr_t', []);
  } catch (cause) {
    throw unusable(`${path} is not a PJRT plugin: it does not export GetPjrtApi.`, cause);
  }
  keepLoaded(koffi, [path]);
  const table = Number(getApi());
  if (table === 0) throw unusable(`The PJRT plugin ${path} has no table of functions.`);
  return table;
}

/** The version of the API of a plugin. */
export interface PjrtVersion {
  readonly major: number;
  readonly minor: number;
}

/**
 * Checks that the structs of a version are known.
 *
 * @param path - The plugin.
 * @param version - What it says.
 * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` for another major version, and for a minor version that is too old.
 */
export function checkVersion(path: string, { major, minor }: PjrtVersion): void {
  if (major === MAJOR_VERSION && minor >= OLDEST_MINOR_VERSION) return;
  throw unusable(
    `The PJRT plugin ${path} has version ${String(major)}.${String(minor)} of the PJRT C API. Version ` +
      `${String(MAJOR_VERSION)}.${String(OLDEST_MINOR_VERSION)} or a later ${String(MAJOR_VERSION)}.x is needed.`,
  );
}

/** The C API of one plugin. */
export class PluginApi {
  readonly path: string;
  readonly version: PjrtVersion;
  /** Blocks signals while a call may start threads of the plugin. */
  readonly signals: SignalMask;
  readonly #koffi: Koffi;
  readonly #memory: NativeMemory;
  readonly #gate = new CallGate(MAX_ASYNC_CALLS);
  readonly #functions = new Map<PjrtFunction, NativeFunction>();
  /** One struct for each function: a call that returns at once uses it again. */
  readonly #arguments = new Map<PjrtFunction, NativeStruct>();
  readonly #layouts = new Map<StructDeclaration, StructLayout>();
  readonly #table: number;
  readonly #prototype: koffiTypes.TypeObject;

  /**
   * Opens a plugin.
   *
   * @param path - The file.
   * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` when it is no library, no PJRT plugin, or of another version.
   */
  constructor(path: string) {
    // At level 0, XLA logs which CPU instructions it uses.
    process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '1';
    this.path = path;
    this.#koffi = loadKoffi();
    this.#memory = new NativeMemory(this.#koffi, this.#gate);
    this.signals = new SignalMask(this.#koffi);
    this.#table = this.signals.during(() => openTable(this.#koffi, path));
    const header = new DataView(this.copy(this.#table, FUNCTIONS_OFFSET).buffer);
    this.version = { major: header.getInt32(32, true), minor: header.getInt32(36, true) };
    checkVersion(path, this.version);
    this.#prototype = this.#koffi.proto('uintptr_t', ['uintptr_t']);
    this.signals.during(() => this.call('PJRT_Plugin_Initialize', {}));
  }

  /**
   * Makes a struct that an argument can point to.
   *
   * @param name - Its type.
   * @param values - Its fields. The others are 0.
   * @returns The struct. The garbage collector frees its memory, so hold it as long as the plugin may read it.
   */
  struct(name: PjrtStruct, values: Readonly<Record<string, number>> = {}): NativeStruct {
    return this.#fill(this.#struct(PJRT_STRUCTS[name]), values);
  }

  /**
   * Makes the arguments of a function that is called again and again.
   *
   * @param name - The function.
   * @returns The struct. Pass it to {@link callWith}.
   */
  argumentsOf(name: PjrtFunction): NativeStruct {
    return this.#struct(PJRT_FUNCTIONS[name]);
  }

  /**
   * Calls a function.
   *
   * @param name - The function.
   * @param values - Its arguments. The others are 0, so pass the same fields in every call.
   * @returns The struct of the arguments, with the results in it. The next call of the function uses it again.
   * @throws {PjrtError} What the plugin reports.
   */
  call(name: PjrtFunction, values: Readonly<Record<string, number>>): NativeStruct {
    let struct = this.#arguments.get(name);
    if (struct === undefined) {
      struct = this.argumentsOf(name);
      this.#arguments.set(name, struct);
    }
    this.callWith(name, this.#fill(struct, values));
    return struct;
  }

  /**
   * Calls a function with arguments that are filled in.
   *
   * @param name - The function.
   * @param struct - What {@link argumentsOf} made for it.
   * @throws {PjrtError} What the plugin reports.
   */
  callWith(name: PjrtFunction, struct: NativeStruct): void {
    const error = this.#bound(name)(struct.address) as number;
    if (error !== 0) throw this.#takeError(name, error);
  }

  /**
   * Calls a function on another thread.
   *
   * @param name - The function.
   * @param values - Its arguments. The others are 0.
   * @returns The struct of the arguments, with the results in it.
   */
  async callAsync(name: PjrtFunction, values: Readonly<Record<string, number>>): Promise<NativeStruct> {
    const struct = this.#fill(this.argumentsOf(name), values);
    const bound = this.#bound(name);
    const error = await this.#gate.run<number>((done) => {
      (bound as unknown as { async: (...values: unknown[]) => void }).async(struct.address, done);
    });
    if (error !== 0) throw this.#takeError(name, error);
    return struct;
  }

  /**
   * Makes memory for arguments and results.
   *
   * @param bytes - Its size.
   * @returns The memory, filled with zeros. Hold it as long as the plugin may use it.
   */
  block(bytes: number): ArrayBlock {
    return new ArrayBlock(this.#koffi, bytes);
  }

  /**
   * Finds where the elements of an array are.
   *
   * @param view - The array. Hold it as long as the plugin may use it.
   * @returns The address.
   */
  addressOf(view: ArrayBufferView): number {
    return addressOf(this.#koffi, view);
  }

  /**
   * Makes a C string that is never freed.
   *
   * @param text - One of a few texts.
   * @returns Its address.
   */
  constantString(text: string): number {
    return this.#memory.constantString(text);
  }

  /**
   * Copies memory of the plugin.
   *
   * @param address - Where it begins.
   * @param bytes - How much of it.
   * @returns The copy.
   */
  copy(address: number, bytes: number): Uint8Array<ArrayBuffer> {
    const copy = new Uint8Array(bytes);
    this.#memory.copyOut(copy, address);
    return copy;
  }

  /**
   * Reads a text of the plugin.
   *
   * @param address - Where it begins.
   * @param bytes - Its length.
   * @returns The text.
   */
  text(address: number, bytes: number): string {
    return new TextDecoder().decode(this.copy(address, bytes));
  }

  #bound(name: PjrtFunction): NativeFunction {
    const known = this.#functions.get(name);
    if (known !== undefined) return known;
    const { index }: FunctionDeclaration = PJRT_FUNCTIONS[name];
    const [address = 0n] = new BigUint64Array(this.copy(this.#table + FUNCTIONS_OFFSET + 8 * index, 8).buffer);
    if (address === 0n) throw unusable(`The PJRT plugin ${this.path} lacks ${name}.`);
    const bound = this.#koffi.decode(address, this.#prototype) as NativeFunction;
    this.#functions.set(name, bound);
    return bound;
  }

  #struct(declaration: StructDeclaration): NativeStruct {
    let layout = this.#layouts.get(declaration);
    if (layout === undefined) {
      layout = layoutOf(declaration, this.version.minor);
      this.#layouts.set(declaration, layout);
    }
    const { bytes, slots } = layout;
    const block = this.block(bytes);
    block.set(0, bytes);
    const slotOf = (field: string): number => {
      const slot = slots.get(field);
      if (slot === undefined) throw new RangeError(`the struct has no field ${field}`);
      return slot;
    };
    return {
      address: block.address,
      get: (field) => block.get(slotOf(field)),
      set: (field, value) => {
        block.set(slotOf(field), value);
      },
    };
  }

  #fill(struct: NativeStruct, values: Readonly<Record<string, number>>): NativeStruct {
    for (const field in values) struct.set(field, values[field] as number);
    return struct;
  }

  #takeError(operation: PjrtFunction, error: number): PjrtError {
    // These two return nothing.
    const described = this.#callVoid('PJRT_Error_Message', error);
    const message = this.text(described.get('message'), described.get('message_size'));
    const status = this.call('PJRT_Error_GetCode', { error }).get('code');
    this.#callVoid('PJRT_Error_Destroy', error);
    return new PjrtError(status, operation, message);
  }

  #callVoid(name: 'PJRT_Error_Message' | 'PJRT_Error_Destroy', error: number): NativeStruct {
    const struct = this.#fill(this.argumentsOf(name), { error });
    this.#bound(name)(struct.address);
    return struct;
  }
}
