/** Decides when a process whose replicas wait tells the other processes, and when it reports who has come. Pure. */
import type { LongestWait } from './waiting-times.js';

/** Waits that are shorter happen in every training, while a process saves or reads data. */
const TELL_AFTER_MS = 1000;
const REPORT_AFTER_MS = 10_000;

/** What to do about a wait. */
export enum PeerAction {
  /** Tell the others that this process waits here. */
  Tell = 'tell',
  /** Report who has told so, and who has not. */
  Report = 'report',
}

/** The waits of one step. */
export class PeerWaits {
  readonly #tellMs: number;
  #collective: number | undefined;
  #nextReportMs: number;

  /** @param timeoutMs - How long a replica may wait. */
  constructor(timeoutMs: number) {
    this.#tellMs = Math.min(TELL_AFTER_MS, timeoutMs / 4);
    this.#nextReportMs = Math.min(REPORT_AFTER_MS, timeoutMs / 2);
  }

  /**
   * Looks at the longest wait.
   *
   * @param wait - The wait.
   * @returns What to do now: at most one telling for each collective, and reports at times that double.
   */
  next({ collective, milliseconds }: LongestWait): PeerAction | undefined {
    if (milliseconds >= this.#nextReportMs && this.#collective === collective) {
      this.#nextReportMs = milliseconds * 2;
      return PeerAction.Report;
    }
    if (milliseconds < this.#tellMs || this.#collective === collective) return undefined;
    this.#collective = collective;
    return PeerAction.Tell;
  }
}
