/**
 * Ends steps in which a replica waits too long in a collective. TensorFlow's own timeouts keep a thread asleep for every collective, and
 * TensorFlow runs no collective after one; this one thread looks at marks that the steps' functions make, and cancels.
 * Starts a thread with the first step that it is given.
 */
import type { TensorFlowContext } from '../../tensorflow/context.js';
import type { Assignment, ThreadData, Verdict } from './thread-messages.js';
import type { WatchedStep } from './watched-step.js';

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';

import { Cancellation } from '../../tensorflow/cancellation.js';

import { boardType, ProgressBoard } from './progress-board.js';
import { MOST_SLOTS, WatchMemory } from './watch-memory.js';
import { WatchedCancellation } from './watched-cancellation.js';

/** It looks this often within a timeout, but neither more often nor less often than these milliseconds say. */
const LOOKS = 8;
const SHORTEST_NAP_MS = 5;
const LONGEST_NAP_MS = 5000;

/** The thread's own module; tests of the sources take the built one. */
const THREAD = new URL('./watchdog-thread.js', import.meta.url);

/** A place for one step under way, used by one after another. */
interface Slot {
  readonly index: number;
  step: WatchedStep | undefined;
  assignment: number;
  timeoutSeconds: number;
  boards: readonly ProgressBoard[];
}

/** Watches over the steps of one context. */
export class Watchdog {
  readonly #context: TensorFlowContext;
  readonly #memory = new WatchMemory();
  readonly #free: Slot[] = [];
  readonly #verdicts = new Map<number, Verdict>();
  #port: MessagePort | undefined;
  #slots = 0;
  #assignments = 0;
  #sequence = 0;

  constructor(context: TensorFlowContext) {
    this.#context = context;
  }

  /**
   * A cancellation for the functions of a step, which is watched from {@link WatchedCancellation.arm} until it is deleted.
   * @param timeoutSeconds - Above 0.
   */
  watch(step: WatchedStep, timeoutSeconds: number): WatchedCancellation {
    const cancellation = new Cancellation(this.#context.api);
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
        this.#memory.free(index);
        this.#verdicts.delete(sequence);
        this.#free.push(slot);
      },
    });
  }

  /** A free slot, best of all one that was for the same step; undefined where all are taken. */
  #slotFor(step: WatchedStep, timeoutSeconds: number): Slot | undefined {
    const same = this.#free.findLastIndex((slot) => slot.step === step && slot.timeoutSeconds === timeoutSeconds);
    if (same !== -1) return this.#free.splice(same, 1)[0];
    const fresh = this.#slots < MOST_SLOTS / 2 || this.#free.length === 0 ? this.#newSlot() : undefined;
    // The one that was not used for longest.
    const slot = fresh ?? this.#free.shift();
    if (slot !== undefined) this.#assign(slot, step, timeoutSeconds);
    return slot;
  }

  #newSlot(): Slot | undefined {
    if (this.#slots === MOST_SLOTS) return undefined;
    return { index: this.#slots++, step: undefined, assignment: 0, timeoutSeconds: 0, boards: [] };
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
    const nap = Math.ceil(Math.min(Math.max(timeoutMs / LOOKS, SHORTEST_NAP_MS), LONGEST_NAP_MS));
    if (this.#memory.napMs === 0 || nap < this.#memory.napMs) this.#memory.napMs = nap;
  }

  #newBoards({ devices, collectives }: WatchedStep): ProgressBoard[] {
    const places = devices.map((name) => this.#context.resolveDevice(name));
    return places.map((device) => new ProgressBoard(this.#context, device, collectives.length, boardType(places)));
  }

  /** What the thread says of a slot whose step it has cancelled: it says so before it cancels. */
  #verdictOn(slot: number, sequence: number): Verdict['wait'] {
    for (
      let received = this.#port && receiveMessageOnPort(this.#port);
      received !== undefined;
      received = receiveMessageOnPort(this.#port as MessagePort)
    ) {
      const verdict = received.message as Verdict;
      this.#verdicts.set(verdict.sequence, verdict);
    }
    const known = this.#verdicts.get(sequence);
    if (known === undefined) throw new Error(`The watchdog cancelled slot ${String(slot)} without a word.`);
    return known.wait;
  }

  /** This side of the channel to the thread. */
  #thread(): MessagePort {
    if (this.#port !== undefined) return this.#port;
    const { port1, port2 } = new MessageChannel();
    const workerData: ThreadData = { files: this.#context.api.files, buffer: this.#memory.buffer, port: port2 };
    // Of the program's own options none is for this thread: loaders, profilers, inspectors.
    try {
      const worker = new Worker(THREAD, {
        workerData,
        transferList: [port2],
        execArgv: [],
        name: 'mirrorscope watchdog',
      });
      worker.unref();
      worker.on('error', warnOfEnd);
    } catch (error) {
      // Node.js's permission model may forbid threads.
      warnOfEnd(error);
    }
    return (this.#port = port1);
  }
}

function warnOfEnd(error: unknown): void {
  console.warn(
    `mirrorscope: there is no watchdog, so that a replica which never comes to a collective is waited for without an end: ${String(error)}`,
  );
}
