/**
 * The watchdog's thread. It sleeps, looks at the marks of the steps under way, and cancels those in which a replica has waited too long.
 * It never returns to its event loop: whoever started it ends it. Touches the shared memory, the steps' boards, standard error.
 */
import type { Assignment, ThreadData, Verdict } from './thread-messages.js';

import { writeSync } from 'node:fs';
import { receiveMessageOnPort, workerData } from 'node:worker_threads';

import { openCApi } from '../../tensorflow/c-api.js';

import { StallReport } from './stall-report.js';
import { MARKS, WaitingTimes } from './waiting-times.js';
import { type ArmedSlot, MOST_SLOTS, WatchMemory } from './watch-memory.js';

/** A slot's step as it was seen last. */
interface SeenStep {
  readonly sequence: number;
  readonly assigned: Assignment;
  readonly times: WaitingTimes;
  readonly boards: readonly Int32Array[];
  readonly patience: StallReport;
}

const STANDARD_ERROR = 2;
const { files, buffer, port } = workerData as ThreadData;
const api = openCApi(files);
const memory = new WatchMemory(buffer);
const assignments = new Map<number, Assignment>();
const seen = new Map<number, SeenStep>();
const slots = Array.from({ length: MOST_SLOTS }, (_, slot) => slot);

function assignmentOf(slot: number): Assignment {
  for (let received = receiveMessageOnPort(port); received !== undefined; received = receiveMessageOnPort(port)) {
    const assigned = received.message as Assignment;
    assignments.set(assigned.slot, assigned);
  }
  return assignments.get(slot) as Assignment;
}

function seenStep(slot: number, { sequence, assignment }: ArmedSlot): SeenStep {
  const known = seen.get(slot);
  if (known?.sequence === sequence) return known;
  const assigned = known?.assigned.assignment === assignment ? known.assigned : assignmentOf(slot);
  const boards = assigned.boards.map(() => new Int32Array(assigned.step.collectives.length * MARKS));
  const made = {
    sequence,
    assigned,
    times: new WaitingTimes(assigned.step),
    boards,
    patience: new StallReport(assigned),
  };
  seen.set(slot, made);
  return made;
}

/** Looks at an armed slot. @returns A line for people who wait. */
function look(slot: number, since: number, oldest: number | undefined): string | undefined {
  const armed = memory.hold(slot);
  if (armed === undefined) return undefined;
  let fired = false;
  try {
    const { assigned, boards, times, patience } = seenStep(slot, armed);
    boards.forEach((board, replica) => {
      api.memory.copyOut(board, assigned.boards[replica] as number);
    });
    const { stuck, computing } = times.look(boards, since, assigned.timeoutMs);
    if (stuck === undefined)
      return slot === oldest && computing !== undefined ? patience.whileComputing(computing) : undefined;
    const verdict: Verdict = { slot, sequence: armed.sequence, wait: stuck };
    port.postMessage(verdict);
    patience.cancelled(stuck);
    fired = true;
    api.TFE_CancellationManagerStartCancel(armed.pointer);
    return undefined;
  } finally {
    memory.letGo(slot, fired);
  }
}

/** The slot of the step that was started before all others: those after it queue behind it. */
function oldestOf(taken: readonly number[]): number | undefined {
  return taken.reduce<number | undefined>(
    (oldest, slot) => (oldest === undefined || memory.startedBefore(slot, oldest) ? slot : oldest),
    undefined,
  );
}

for (;;) {
  const since = memory.nap(() => !slots.some((slot) => memory.isTaken(slot)));
  const taken = slots.filter((slot) => memory.isTaken(slot));
  const oldest = oldestOf(taken);
  for (const slot of taken) {
    const known = seen.get(slot);
    const line =
      known !== undefined && memory.isFired(slot, known.sequence)
        ? known.patience.whileCancelled(since)
        : look(slot, since, oldest);
    // Not through `process.stderr`: that waits for the JavaScript thread, which may wait for the step.
    if (line !== undefined) writeSync(STANDARD_ERROR, `mirrorscope: ${line}\n`);
  }
}
