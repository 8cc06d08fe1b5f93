/** When a step that does not end is worth a line for whoever waits for the program, and what the line says. Pure. */
import type { Assignment } from './thread-messages.js';
import type { Look } from './waiting-times.js';

import { replicasInWords, type StuckWait, waitInWords } from './watched-step.js';

/** A step that was cancelled has this long to end before a line says that it does not, or as long as its timeout where that is less or more. */
const SHORTEST_GRACE_MS = 500;
const LONGEST_GRACE_MS = 10_000;

/** The lines about one step. */
export class StallReport {
  readonly #assigned: Pick<Assignment, 'step' | 'timeoutMs'>;
  #wait: StuckWait | undefined;
  #cancelledMs = 0;
  #isTold = false;
  #quietUntilMs: number;

  constructor(assigned: Pick<Assignment, 'step' | 'timeoutMs'>) {
    this.#assigned = assigned;
    this.#quietUntilMs = assigned.timeoutMs;
  }

  /** A line about a step in which nobody waits; then one only after twice the time. */
  whileComputing({ replicas, milliseconds }: NonNullable<Look['computing']>): string | undefined {
    if (milliseconds < this.#quietUntilMs) return undefined;
    this.#quietUntilMs = milliseconds * 2;
    const { step } = this.#assigned;
    const seconds = (milliseconds / 1000).toFixed(0);
    return `the ${step.name} step has computed for ${seconds} s without a replica coming to the next collective: ${replicasInWords(step, replicas)}. It goes on.`;
  }

  /** The step was cancelled. */
  cancelled(wait: StuckWait): void {
    this.#wait = wait;
  }

  /** A line about a step that was cancelled and does not end. @param since - Milliseconds since the last call. */
  whileCancelled(since: number): string | undefined {
    const { step, timeoutMs } = this.#assigned;
    this.#cancelledMs += since;
    if (
      this.#isTold ||
      this.#wait === undefined ||
      this.#cancelledMs < Math.min(Math.max(timeoutMs, SHORTEST_GRACE_MS), LONGEST_GRACE_MS)
    )
      return undefined;
    this.#isTold = true;
    const seconds = (this.#cancelledMs / 1000).toFixed(0);
    return `${waitInWords(step, this.#wait, timeoutMs / 1000)} It was cancelled ${seconds} s ago, and the program has not taken its error yet: a missing replica's operation has to end first.`;
  }
}
