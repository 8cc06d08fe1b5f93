/** A compiled program, and its end. Calls the C API. */
import type { ArrayBlock } from './array-memory.js';
import type { PjrtDevice } from './pjrt-device.js';
import type { NativeStruct, PluginApi } from './plugin-api.js';

import { type BufferOwner, PjrtBuffer, type ValueType } from './pjrt-buffer.js';

/** Memory for the arguments of one call, used again by the next. */
interface CallMemory {
  readonly struct: NativeStruct;
  /** By device. */
  readonly argumentRows: readonly ArrayBlock[];
  readonly outputRows: readonly ArrayBlock[];
  readonly events: ArrayBlock;
  /** What the struct points to. */
  readonly held: readonly unknown[];
}

/** One run of a program. */
export interface Launch {
  /** By device: the results. The caller disposes of them. */
  readonly results: readonly (readonly PjrtBuffer[])[];
  /** By device: happens when the program has ended there. The caller waits for it, which frees it. */
  readonly events: readonly number[];
}

function freeOnDrop(api: PluginApi): FinalizationRegistry<number> {
  return new FinalizationRegistry((executable) => {
    api.call('PJRT_LoadedExecutable_Destroy', { executable });
  });
}

const REGISTRIES = new WeakMap<PluginApi, FinalizationRegistry<number>>();

/** A program that runs on one or several devices at once. */
export class PjrtExecutable {
  readonly #owner: BufferOwner;
  readonly #devices: readonly PjrtDevice[];
  readonly #results: readonly ValueType[];
  readonly #dropped: FinalizationRegistry<number>;
  #pointer: number;
  #memory: CallMemory | undefined;

  /**
   * @param owner - Frees the results.
   * @param pointer - The `PJRT_LoadedExecutable`.
   * @param devices - Where it runs, in the order of its replicas.
   * @param results - The types of its results.
   */
  constructor(owner: BufferOwner, pointer: number, devices: readonly PjrtDevice[], results: readonly ValueType[]) {
    this.#owner = owner;
    this.#pointer = pointer;
    this.#devices = devices;
    this.#results = results;
    this.#dropped = REGISTRIES.get(owner.api) ?? freeOnDrop(owner.api);
    REGISTRIES.set(owner.api, this.#dropped);
    this.#dropped.register(this, pointer, this);
  }

  /**
   * Starts the program.
   *
   * @param argumentLists - By device: the arguments, on that device.
   * @returns The results, which may not be computed yet.
   * @throws {PjrtError} When it cannot start.
   */
  launch(argumentLists: readonly (readonly PjrtBuffer[])[]): Launch {
    const [first = []] = argumentLists;
    const { struct, argumentRows, outputRows, events } = (this.#memory ??= this.#makeMemory(first.length));
    argumentLists.forEach((list, device) => {
      const row = argumentRows[device];
      list.forEach(({ pointer }, index) => row?.set(index, pointer));
    });
    this.#owner.api.callWith('PJRT_LoadedExecutable_Execute', struct);
    const results = this.#devices.map((device, index) =>
      this.#results.map((type, place) => new PjrtBuffer(this.#owner, outputRows[index]?.get(place) ?? 0, device, type)),
    );
    return { results, events: this.#devices.map((_, index) => events.get(index)) };
  }

  /** Frees the program. Does nothing when called again. */
  dispose(): void {
    if (this.#pointer === 0) return;
    this.#dropped.unregister(this);
    this.#owner.api.call('PJRT_LoadedExecutable_Destroy', { executable: this.#pointer });
    this.#pointer = 0;
    this.#memory = undefined;
  }

  #makeMemory(argumentCount: number): CallMemory {
    const { api } = this.#owner;
    const count = this.#devices.length;
    const rows = (length: number): ArrayBlock[] => this.#devices.map(() => api.block(8 * Math.max(1, length)));
    const listOf = (blocks: readonly ArrayBlock[]): ArrayBlock => {
      const list = api.block(8 * count);
      blocks.forEach(({ address }, index) => {
        list.set(index, address);
      });
      return list;
    };
    const argumentRows = rows(argumentCount);
    const outputRows = rows(this.#results.length);
    const events = api.block(8 * count);
    const options = api.struct('PJRT_ExecuteOptions');
    const argumentLists = listOf(argumentRows);
    const outputLists = listOf(outputRows);
    const struct = api.argumentsOf('PJRT_LoadedExecutable_Execute');
    struct.set('executable', this.#pointer);
    struct.set('options', options.address);
    struct.set('argument_lists', argumentLists.address);
    struct.set('num_devices', count);
    struct.set('num_args', argumentCount);
    struct.set('output_lists', outputLists.address);
    struct.set('device_complete_events', events.address);
    return { struct, argumentRows, outputRows, events, held: [options, argumentLists, outputLists] };
  }
}
