/**
 * Frees what a worker thread made in TensorFlow when the thread ends, also when `worker.terminate()` ends it and no
 * more JavaScript runs there: the C library calls functions of TensorFlow at the end of the thread. Calls koffi.
 *
 * Only on Linux. The main thread needs none of this, because its memory ends with the process.
 * Source: `__cxa_thread_atexit_impl` of glibc, "Destructor support for C++ thread_local variables".
 */
import type { Koffi } from './load-koffi.js';

import { isMainThread } from 'node:worker_threads';

import { type PipeFunctions, StartSignal } from './start-signal.js';

/** The functions that may be called: each frees or ends the object of its only argument. */
export type EndFunction =
  | 'TF_DeleteBuffer'
  | 'TFE_CancellationManagerStartCancel'
  | 'TFE_DeleteContext'
  | 'TFE_DeleteExecutor'
  | 'TFE_DeleteTensorHandle'
  | 'TF_DeleteGraph';

type Register = (call: number, value: number, library: number) => number;

/** Registers calls for the end of this thread. */
export class ThreadEnd {
  readonly #register: Register | undefined;
  readonly #findSymbol: (name: EndFunction) => number;
  readonly #addresses = new Map<EndFunction, number>();
  readonly #pipeFunctions: PipeFunctions | undefined;

  /**
   * @param koffi - Calls the system.
   * @param libraries - What dlopen returned for TensorFlow's libraries.
   */
  constructor(koffi: Koffi, libraries: readonly number[]) {
    this.#findSymbol = () => 0;
    if (isMainThread || process.platform !== 'linux') return;
    const system = koffi.load(null);
    try {
      const types = ['uintptr_t', 'uintptr_t', 'uintptr_t'];
      this.#register = system.func('__cxa_thread_atexit_impl', 'int', types) as Register;
    } catch {
      // Another C library. What the thread leaves behind ends with the process.
      return;
    }
    this.#pipeFunctions = {
      pipe: system.func('pipe', 'int', ['void*']) as PipeFunctions['pipe'],
      close: system.func('close', 'int', ['int']) as PipeFunctions['close'],
      poll: system.func('poll', 'int', ['void*', 'unsigned long', 'int']) as PipeFunctions['poll'],
    };
    const dlsym = system.func('dlsym', 'uintptr_t', ['uintptr_t', 'const char*']);
    this.#findSymbol = (name) => {
      for (const library of libraries) {
        const address = Number(dlsym(library, name));
        if (address !== 0) return address;
      }
      return 0;
    };
  }

  /** Whether calls are made at all. */
  get isSupported(): boolean {
    return this.#register !== undefined;
  }

  /** Makes a signal with which this thread waits for one that it starts; undefined where nothing need wait. */
  startSignal(): StartSignal | undefined {
    return this.#pipeFunctions === undefined ? undefined : new StartSignal(this.#pipeFunctions);
  }

  /** The address of a function of TensorFlow; 0 if there is none. */
  addressOf(name: EndFunction): number {
    const address = this.#addresses.get(name) ?? this.#findSymbol(name);
    this.#addresses.set(name, address);
    return address;
  }

  /**
   * Registers a call. The last one registered is the first to be made.
   *
   * @param name - The function. It runs on the thread's native stack, after the thread's JavaScript is gone.
   * @param pointer - Its argument. Nothing else may free it from now on.
   */
  call(name: EndFunction, pointer: number): void {
    if (this.#register === undefined) return;
    const address = this.addressOf(name);
    // The third argument keeps the library loaded until the call.
    if (address !== 0) this.#register(address, pointer, address);
  }
}
