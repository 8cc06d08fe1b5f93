/** Decides when to report a stalled step, and words the report. Pure. */
import type { Assignment } from './thread-messages.js';
import type { ComputingReplicas } from './waiting-times.js';

import { describeReplicas, describeWait, type StuckWait } from './watched-step.js';

/** A cancelled step has its timeout to end before a report, but no less and no more than this. */
const MIN_GRACE_MS = 500;
const MAX_GRACE_MS = 10_000;

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(0);

/** The reports about one step. */
export class StallReport {
  readonly #assigned: Pick<Assignment, 'step' | 'timeoutMs'>;
  #wait: StuckWait | undefined;
  #cancelledMs = 0;
  #isReported = false;
  /** The next report of a step that computes comes after this time. */
  #nextReportMs: number;

  /** @param assigned - The step and its timeout. */
  constructor(assigned: Pick<Assignment, 'step' | 'timeoutMs'>) {
    this.#assigned = assigned;
    this.#nextReportMs = assigned.timeoutMs;
  }

  /**
   * Reports a step in which no replica waits: once after the timeout, and again each time that the time has doubled.
   *
   * @param computing - The replicas that compute, and for how long.
   * @returns The report; undefined when none is due.
   */
  whileComputing(computing: ComputingReplicas): string | undefined {
    const { replicas, milliseconds } = computing;
    if (milliseconds < this.#nextReportMs) return undefined;
    this.#nextReportMs = milliseconds * 2;
    const { step } = this.#assigned;
    return `the ${step.name} step has computed for ${seconds(milliseconds)} s without a replica coming to the next collective: ${describeReplicas(step, replicas)}. It goes on.`;
  }

  /**
   * Call when the step was cancelled.
   *
   * @param wait - Why it was cancelled.
   */
  cancelled(wait: StuckWait): void {
    this.#wait = wait;
  }

  /**
   * Reports once that a cancelled step does not end.
   *
   * @param elapsedMs - Milliseconds since the last call.
   * @returns The report; undefined when none is due.
   */
  whileCancelled(elapsedMs: number): string | undefined {
    const { step, timeoutMs } = this.#assigned;
    this.#cancelledMs += elapsedMs;
    const graceMs = Math.min(Math.max(timeoutMs, MIN_GRACE_MS), MAX_GRACE_MS);
    if (this.#isReported || this.#wait === undefined || this.#cancelledMs < graceMs) return undefined;
    this.#isReported = true;
    return `${describeWait(step, this.#wait, timeoutMs / 1000)} It was cancelled ${seconds(this.#cancelledMs)} s ago, and the program has not received its error yet: a missing replica's operation has to end first.`;
  }
}
