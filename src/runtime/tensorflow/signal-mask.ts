/**
 * Keeps signals away from TensorFlow's threads. Changes, through koffi, the signal mask of the calling thread.
 *
 * TensorFlow's threads run the kernels that a signal handler damages (see `signal-stack.ts`), and have no stack for
 * handlers. Linux gives a signal of the process to any thread that does not block it, for example while the main
 * thread has one pending. A thread gets the mask of the thread that starts it, so signals are blocked while one may be
 * started.
 * Source: signal(7), pthread_sigmask(3).
 */
import type { Koffi } from './load-koffi.js';

import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';

/** `SIG_BLOCK` and `SIG_SETMASK` of Linux. */
const BLOCK = 0;
const SET = 2;
/** `sizeof(sigset_t)` */
const BYTES = 128;

/** A fault raises these in the thread itself. Blocked ones would end the process without a report. */
const FAULTS = ['SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP', 'SIGSYS', 'SIGABRT'] as const;

function maskWithout(names: readonly (keyof typeof constants.signals)[]): Uint8Array {
  const mask = new Uint8Array(BYTES).fill(0xff);
  for (const name of names) {
    const bit = constants.signals[name] - 1;
    mask[bit >> 3] = (mask[bit >> 3] as number) & ~(1 << (bit & 7));
  }
  return mask;
}

/** Blocks signals while a call may start threads. */
export class SignalMask {
  readonly #set: ((how: number, mask: Uint8Array, previous: Uint8Array | null) => number) | undefined;
  readonly #blocked = maskWithout(FAULTS);
  readonly #previous = new Uint8Array(BYTES);
  #depth = 0;

  /** @param koffi - Calls the system. */
  constructor(koffi: Koffi) {
    if (process.platform !== 'linux') return;
    this.#set = koffi.load(null).func('pthread_sigmask', 'int', ['int', 'const void*', 'void*']);
    // A thread of JavaScript runs kernels itself. V8's profiler samples it by SIGPROF, whose handler has its own stack.
    if (!isMainThread) this.#set(BLOCK, maskWithout([...FAULTS, 'SIGPROF']), null);
  }

  /**
   * Blocks the signals of this thread while a function runs. Threads that it starts block them for good.
   *
   * @param call - The function.
   * @returns What it returns.
   */
  during<T>(call: () => T): T {
    if (this.#set === undefined || this.#depth > 0) return call();
    this.#set(BLOCK, this.#blocked, this.#previous);
    this.#depth++;
    try {
      return call();
    } finally {
      this.#depth--;
      this.#set(SET, this.#previous, null);
    }
  }
}
