/** The cancellation of a step whose collectives are watched. May touch: the C API, through Cancellation. */
import type { Cancellation } from '../../tensorflow/cancellation.js';
import type { ProgressBoard } from './progress-board.js';
import type { StuckWait, WatchedStep } from './watched-step.js';

/** Why the watchdog has cancelled a step. */
export interface TimedOut {
  readonly step: WatchedStep;
  readonly wait: StuckWait;
  readonly timeoutSeconds: number;
}

/** What the watchdog does for a step. */
interface Watch {
  readonly boards: readonly ProgressBoard[];
  arm?(): void;
  verdict?(): TimedOut | undefined;
  /** Ends the watch. */
  free?(): void;
}

/** Cancels a step; so may the watchdog, as long as this is not deleted. */
export class WatchedCancellation {
  readonly #cancellation: Cancellation;
  readonly #watch: Watch;

  constructor(cancellation: Cancellation, watch: Watch) {
    this.#cancellation = cancellation;
    this.#watch = watch;
  }

  get pointer(): number {
    return this.#cancellation.pointer;
  }

  /** Where the functions of the step make their marks, in replica order; none where nobody watches. */
  get boards(): readonly ProgressBoard[] {
    return this.#watch.boards;
  }

  /** Begins the watch: the functions are about to start. */
  arm(): void {
    this.#watch.arm?.();
  }

  /** Why the watchdog has cancelled the step, if it has. */
  get timedOut(): TimedOut | undefined {
    return this.#watch.verdict?.();
  }

  cancel(): void {
    this.#cancellation.cancel();
  }

  /** Only once everything that ran with it has ended. */
  delete(): void {
    this.#watch.free?.();
    this.#cancellation.delete();
  }
}
