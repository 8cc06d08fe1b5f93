/**
 * The watchdog's thread: sleeps, looks at the boards of the steps in flight, and cancels steps in which a replica has
 * waited too long. It never returns to its event loop; the thread that started it ends it. Touches the shared memory,
 * the boards and standard error.
 */
import type { CApi } from '../../tensorflow/c-api.js';
import type { Assignment, PeerWaitData, PeerWaitMessage, ThreadData, Verdict } from './thread-messages.js';
import type { LongestWait } from './waiting-times.js';
import type { PeerNames } from './watched-step.js';

import { writeSync } from 'node:fs';
import { type MessagePort, receiveMessageOnPort, Worker, workerData } from 'node:worker_threads';

import { openCApi } from '../../tensorflow/c-api.js';
import { StartSignal } from '../../tensorflow/start-signal.js';

import { MARKS_PER_COLLECTIVE } from './board-layout.js';
import { PeerWaits } from './peer-waits.js';
import { StallReport } from './stall-report.js';
import { WaitingTimes } from './waiting-times.js';
import { type ArmedSlot, MAX_SLOTS, WatchMemory } from './watch-memory.js';

/** The step that a slot held at the last look. */
interface SeenStep {
  readonly sequence: number;
  readonly assigned: Assignment;
  readonly times: WaitingTimes;
  /** Copies of the boards. */
  readonly boards: readonly Int32Array[];
  readonly report: StallReport;
  readonly peerWaits: PeerWaits;
}

/** Talks to the other processes. Tests of the sources use the built one. */
const PEER_THREAD = new URL('./peer-waits-thread.js', import.meta.url);

const STANDARD_ERROR = 2;

/** What the thread calls in TensorFlow. */
type Library = Pick<CApi, 'memory' | 'TFE_CancellationManagerStartCancel'>;

/** Watches the steps of one context. */
class WatchdogThread {
  #library: Library | undefined;
  readonly #memory: WatchMemory;
  readonly #port: MessagePort;
  readonly #assignments = new Map<number, Assignment>();
  readonly #seen = new Map<number, SeenStep>();
  readonly #slots = Array.from({ length: MAX_SLOTS }, (_, slot) => slot);

  readonly #data: ThreadData;
  #peerThread: Worker | undefined;

  constructor(data: ThreadData) {
    const { buffer, port } = data;
    this.#data = data;
    this.#memory = new WatchMemory(buffer);
    this.#port = port;
  }

  run(): never {
    const { startSignal } = this.#data;
    if (startSignal !== undefined) {
      try {
        this.#open();
      } finally {
        StartSignal.give(startSignal);
      }
    }
    for (;;) {
      const elapsedMs = this.#memory.nap(() => !this.#slots.some((slot) => this.#memory.isInUse(slot)));
      const inUse = this.#slots.filter((slot) => this.#memory.isInUse(slot));
      // Not before there is a step, and not while a slot is held: that would keep the other thread waiting.
      if (inUse.length > 0 && this.#library === undefined) this.#open();
      const oldest = this.#oldestOf(inUse);
      for (const slot of inUse) {
        const line = this.#check(slot, elapsedMs, slot === oldest);
        // Not through `process.stderr`: that waits for the JavaScript thread, which may wait for the step.
        if (line !== undefined) writeSync(STANDARD_ERROR, `mirrorscope: ${line}\n`);
      }
    }
  }

  #open(): void {
    this.#library = this.#memory.opening(() => {
      // Binds the function: koffi cannot do so while the thread is being ended.
      const { memory, TFE_CancellationManagerStartCancel } = openCApi(this.#data.files);
      return { memory, TFE_CancellationManagerStartCancel };
    });
  }

  /** Steps queue behind the oldest one. */
  #oldestOf(inUse: readonly number[]): number | undefined {
    return inUse.reduce<number | undefined>(
      (oldest, slot) => (oldest === undefined || this.#memory.startedBefore(slot, oldest) ? slot : oldest),
      undefined,
    );
  }

  /** Checks the step of a slot. @returns A line to report. */
  #check(slot: number, elapsedMs: number, isOldest: boolean): string | undefined {
    const known = this.#seen.get(slot);
    if (known !== undefined && this.#memory.isFired(slot, known.sequence))
      return known.report.whileCancelled(elapsedMs);
    return this.#look(slot, elapsedMs, isOldest);
  }

  /** Looks at an armed slot, and cancels its step when a replica has waited too long. @returns A line to report. */
  #look(slot: number, elapsedMs: number, isOldest: boolean): string | undefined {
    const library = this.#library;
    if (library === undefined) return undefined;
    const armed = this.#memory.hold(slot);
    if (armed === undefined) return undefined;
    let fired = false;
    try {
      const { assigned, boards, times, report } = this.#stepOf(slot, armed);
      boards.forEach((board, replica) => {
        const address = assigned.boards[replica];
        if (address !== undefined) library.memory.copyOut(board, address);
      });
      const { stuck, computing, longest } = times.look(boards, elapsedMs, assigned.timeoutMs);
      if (longest !== undefined) this.#tellPeers(slot, longest);
      if (stuck === undefined)
        return isOldest && computing !== undefined ? report.whileComputing(computing) : undefined;
      // Before the cancellation: the other thread expects the message as soon as the step is cancelled.
      const verdict: Verdict = { slot, sequence: armed.sequence, wait: stuck };
      this.#port.postMessage(verdict);
      report.cancelled(stuck);
      fired = true;
      library.TFE_CancellationManagerStartCancel(armed.pointer);
      return undefined;
    } finally {
      this.#memory.release(slot, fired);
    }
  }

  /** Tells the other processes about a long wait, and reports which of them have come. */
  #tellPeers(slot: number, longest: LongestWait): void {
    const seen = this.#seen.get(slot);
    const peers = seen?.assigned.step.peers;
    if (seen === undefined || peers === undefined) return;
    const action = seen.peerWaits.next(longest);
    if (action === undefined) return;
    const { name, collectives } = seen.assigned.step;
    const message: PeerWaitMessage = {
      action,
      place: `${String(seen.sequence)}/${String(longest.collective)}`,
      step: name,
      words: collectives[longest.collective]?.words ?? '',
      seconds: Math.round(longest.milliseconds / 1000),
    };
    this.#peers(peers).postMessage(message);
  }

  #peers(peers: PeerNames): Worker {
    if (this.#peerThread !== undefined) return this.#peerThread;
    const { files, context } = this.#data;
    const data: PeerWaitData = { files, context, peers };
    const worker = new Worker(PEER_THREAD, { workerData: data, execArgv: [], name: 'mirrorscope peers' });
    worker.unref();
    return (this.#peerThread = worker);
  }

  #stepOf(slot: number, { sequence, assignment }: ArmedSlot): SeenStep {
    const known = this.#seen.get(slot);
    if (known?.sequence === sequence) return known;
    const assigned = known?.assigned.assignment === assignment ? known.assigned : this.#assignmentOf(slot);
    const marks = assigned.step.collectives.length * MARKS_PER_COLLECTIVE;
    const boards = assigned.boards.map(() => new Int32Array(marks));
    const times = new WaitingTimes(assigned.step);
    const report = new StallReport(assigned);
    const step: SeenStep = { sequence, assigned, times, boards, report, peerWaits: new PeerWaits(assigned.timeoutMs) };
    this.#seen.set(slot, step);
    return step;
  }

  #assignmentOf(slot: number): Assignment {
    for (let next = receiveMessageOnPort(this.#port); next !== undefined; next = receiveMessageOnPort(this.#port)) {
      const assigned = next.message as Assignment;
      this.#assignments.set(assigned.slot, assigned);
    }
    const found = this.#assignments.get(slot);
    if (found === undefined) throw new Error(`slot ${String(slot)} was armed before its step was assigned`);
    return found;
  }
}

new WatchdogThread(workerData as ThreadData).run();
