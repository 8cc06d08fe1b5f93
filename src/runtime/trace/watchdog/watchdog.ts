/**
 * Cancels steps in which a replica waits too long in a collective. TensorFlow's own timeouts block a thread for every
 * collective, and TensorFlow runs no collective after one; this single thread reads the marks that the steps' functions
 * write, and cancels. Starts a thread with the first step.
 */
import type { TensorFlowContext } from '../../tensorflow/context.js';
import type { Assignment, ThreadData, Verdict } from './thread-messages.js';
import type { WatchedStep } from './watched-step.js';

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';

import { boardType, ProgressBoard } from './progress-board.js';
import { MAX_SLOTS, WatchMemory } from './watch-memory.js';
import { WatchedCancellation } from './watched-cancellation.js';

/** The thread looks this often within a timeout, but sleeps no less and no more than these milliseconds. */
const LOOKS_PER_TIMEOUT = 8;
const MIN_NAP_MS = 5;
const MAX_NAP_MS = 5000;

/**
 * From this many slots on, a slot that was used for another step is used again, with new boards. One step has up to
 * three slots, as many as are in flight.
 */
const KEPT_SLOTS = 48;

/** How long to wait at most while the thread opens the library. */
const START_TIMEOUT_MS = 10_000;

/** The thread's own module. Tests of the sources use the built one. */
const THREAD = new URL('./watchdog-thread.js', import.meta.url);

/** A slot of the shared memory. One step after another uses it. */
interface Slot {
  readonly index: number;
  step: WatchedStep | undefined;
  assignment: number;
  timeoutSeconds: number;
  boards: readonly ProgressBoard[];
}

/** Watches the steps of one context. */
export class Watchdog {
  readonly #context: TensorFlowContext;
  readonly #memory = new WatchMemory();
  readonly #free: Slot[] = [];
  readonly #verdicts = new Map<number, Verdict>();
  #port: MessagePort | undefined;
  #slotCount = 0;
  #assignments = 0;
  #sequence = 0;

  /** @param context - Runs the steps. */
  constructor(context: TensorFlowContext) {
    this.#context = context;
  }

  /**
   * Makes the cancellation of a step. The watch begins with {@link WatchedCancellation.arm} and lasts until the
   * cancellation is deleted.
   *
   * @param step - Describes the step.
   * @param timeoutSeconds - How long a replica may wait in a collective; above 0.
   * @returns The cancellation. When all slots are in use, the step is not watched.
   */
  watch(step: WatchedStep, timeoutSeconds: number): WatchedCancellation {
    const cancellation = this.#context.cancellations.give();
    const slot = this.#slotFor(step, timeoutSeconds);
    if (slot === undefined) return new WatchedCancellation(cancellation, { boards: this.#newBoards(step) });
    for (const board of slot.boards) board.clear();
    const { index, assignment, boards } = slot;
    const sequence = (this.#sequence = (this.#sequence + 1) | 0);
    return new WatchedCancellation(cancellation, {
      boards,
      arm: () => {
        this.#memory.arm(index, { sequence, assignment, pointer: cancellation.pointer });
      },
      verdict: () =>
        this.#memory.hasFired(index) ? { step, timeoutSeconds, wait: this.#verdictOn(index, sequence) } : undefined,
      free: () => {
        const hasFired = this.#memory.free(index);
        this.#verdicts.delete(sequence);
        this.#free.push(slot);
        return hasFired;
      },
    });
  }

  /** Finds a free slot, if possible one that was last used for the same step. */
  #slotFor(step: WatchedStep, timeoutSeconds: number): Slot | undefined {
    const same = this.#free.findLastIndex((slot) => slot.step === step && slot.timeoutSeconds === timeoutSeconds);
    if (same !== -1) return this.#free.splice(same, 1)[0];
    const unused = this.#slotCount < KEPT_SLOTS || this.#free.length === 0 ? this.#newSlot() : undefined;
    const leastRecentlyUsed = unused === undefined ? this.#free.shift() : undefined;
    const slot = unused ?? leastRecentlyUsed;
    if (slot !== undefined) this.#assign(slot, step, timeoutSeconds);
    return slot;
  }

  #newSlot(): Slot | undefined {
    if (this.#slotCount === MAX_SLOTS) return undefined;
    return { index: this.#slotCount++, step: undefined, assignment: 0, timeoutSeconds: 0, boards: [] };
  }

  #assign(slot: Slot, step: WatchedStep, timeoutSeconds: number): void {
    for (const { handle } of slot.boards) handle.dispose();
    slot.boards = this.#newBoards(step);
    slot.step = step;
    slot.timeoutSeconds = timeoutSeconds;
    slot.assignment = ++this.#assignments;
    const timeoutMs = timeoutSeconds * 1000;
    const boards = slot.boards.map(({ address }) => address);
    const message: Assignment = { slot: slot.index, assignment: slot.assignment, step, timeoutMs, boards };
    this.#thread().postMessage(message);
    const nap = Math.ceil(Math.min(Math.max(timeoutMs / LOOKS_PER_TIMEOUT, MIN_NAP_MS), MAX_NAP_MS));
    if (this.#memory.napMs === 0 || nap < this.#memory.napMs) this.#memory.napMs = nap;
  }

  #newBoards({ devices, collectives }: WatchedStep): ProgressBoard[] {
    const resolved = devices.map((name) => this.#context.resolveDevice(name));
    const dtype = boardType(resolved);
    return resolved.map((device) => new ProgressBoard(this.#context, device, collectives.length, dtype));
  }

  /** Finds why the thread cancelled a step: it sends the reason before it cancels. */
  #verdictOn(slot: number, sequence: number): Verdict['wait'] {
    const port = this.#thread();
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
      const verdict = next.message as Verdict;
      this.#verdicts.set(verdict.sequence, verdict);
    }
    const known = this.#verdicts.get(sequence);
    if (known === undefined) throw new Error(`The watchdog cancelled slot ${String(slot)} without a reason.`);
    return known.wait;
  }

  /** This side of the channel to the thread. Starts the thread at the first call. */
  #thread(): MessagePort {
    if (this.#port !== undefined) return this.#port;
    const { port1, port2 } = new MessageChannel();
    const { api, pointer } = this.#context;
    const signal = api.threadEnd.startSignal();
    const workerData: ThreadData = {
      files: api.files,
      buffer: this.#memory.buffer,
      port: port2,
      context: pointer,
      startSignal: signal?.writeEnd,
    };
    try {
      const worker = new Worker(THREAD, {
        workerData,
        transferList: [port2],
        // The program's own options (loaders, profilers, inspectors) are not for this thread.
        execArgv: [],
        name: 'mirrorscope watchdog',
      });
      worker.unref();
      worker.on('error', warnOfMissingWatchdog);
      // A worker thread may be terminated at any time; the main thread ends with this event.
      if (signal !== undefined) signal.wait(START_TIMEOUT_MS);
      else
        process.on('exit', () => {
          this.#memory.endOpening(START_TIMEOUT_MS);
        });
    } catch (error) {
      // Node's permission model may forbid threads.
      warnOfMissingWatchdog(error);
    }
    return (this.#port = port1);
  }
}

function warnOfMissingWatchdog(error: unknown): void {
  console.warn(
    `mirrorscope: the watchdog does not run, so a step waits without limit for a replica that never reaches a collective: ${String(error)}`,
  );
}
