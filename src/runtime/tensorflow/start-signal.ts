/**
 * Lets a worker thread wait for a thread that it has started. The wait is one native call, which `worker.terminate()`
 * cannot end: Node.js ends the threads of a worker thread with it, and koffi ends the process when its thread is ended
 * while it loads or binds. Calls the C library.
 */
import { writeSync } from 'node:fs';

/** The functions of the C library that a signal needs. Linux only. */
export interface PipeFunctions {
  readonly pipe: (descriptors: Int32Array) => number;
  readonly close: (descriptor: number) => number;
  readonly poll: (entries: Int32Array, count: number, milliseconds: number) => number;
}

/** `POLLIN`, in the first half of the second word of a `struct pollfd`. Source: poll.h of Linux. */
const POLLIN = 1;

/** A signal from a thread to the one that has started it. */
export class StartSignal {
  readonly #functions: PipeFunctions;
  readonly #readEnd: number;
  /** What the other thread passes to {@link StartSignal.give}. */
  readonly writeEnd: number;

  /** @param functions - Of the C library. */
  constructor(functions: PipeFunctions) {
    const descriptors = new Int32Array(2);
    if (functions.pipe(descriptors) !== 0) throw new Error('the system has no file descriptor left');
    const [readEnd = -1, writeEnd = -1] = descriptors;
    this.#functions = functions;
    this.#readEnd = readEnd;
    this.writeEnd = writeEnd;
  }

  /**
   * Waits for the signal, and ends the use of this object.
   *
   * @param milliseconds - How long at most.
   */
  wait(milliseconds: number): void {
    const isGiven = this.#functions.poll(Int32Array.of(this.#readEnd, POLLIN), 1, milliseconds) === 1;
    // The other thread may still write. Node.js warns of descriptors that it closes and has not opened.
    if (isGiven) for (const descriptor of [this.#readEnd, this.writeEnd]) this.#functions.close(descriptor);
  }

  /**
   * Gives the signal, in the other thread.
   *
   * @param writeEnd - The {@link StartSignal.writeEnd}.
   */
  static give(writeEnd: number): void {
    writeSync(writeEnd, '.');
  }
}
