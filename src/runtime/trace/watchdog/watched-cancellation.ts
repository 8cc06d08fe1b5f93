/** The cancellation of a step whose collectives are watched. Touches the C API, through Cancellation. */
import type { Cancellation } from '../../tensorflow/cancellation.js';
import type { ProgressBoard } from './progress-board.js';
import type { StuckWait, WatchedStep } from './watched-step.js';

/** Why the watchdog has cancelled a step. */
export interface TimedOut {
  readonly step: WatchedStep;
  readonly wait: StuckWait;
  readonly timeoutSeconds: number;
}

/** The link from a step to the watchdog. A step that is not watched has no boards and none of the functions. */
interface Watch {
  readonly boards: readonly ProgressBoard[];
  arm?(): void;
  verdict?(): TimedOut | undefined;
  /** Ends the watch. @returns Whether the watchdog has cancelled the step. */
  free?(): boolean;
}

/** Cancels a step. The watchdog may cancel it, too, until {@link delete} is called. */
export class WatchedCancellation {
  readonly #cancellation: Cancellation;
  readonly #watch: Watch;

  /**
   * @param cancellation - Belongs to this object from now on.
   * @param watch - What the watchdog does for the step.
   */
  constructor(cancellation: Cancellation, watch: Watch) {
    this.#cancellation = cancellation;
    this.#watch = watch;
  }

  /** The `TFE_CancellationManager*`. */
  get pointer(): number {
    return this.#cancellation.pointer;
  }

  /** The boards of the step's functions, in replica order. Empty when the step is not watched. */
  get boards(): readonly ProgressBoard[] {
    return this.#watch.boards;
  }

  /** Begins the watch. Call it just before the functions start. */
  arm(): void {
    this.#watch.arm?.();
  }

  /** Why the watchdog has cancelled the step; undefined when it has not. */
  get timedOut(): TimedOut | undefined {
    return this.#watch.verdict?.();
  }

  /** Cancels the functions of the step. */
  cancel(): void {
    this.#cancellation.cancel();
  }

  /** Ends the watch and releases the cancellation. Call it once all functions of the step have ended. */
  delete(): void {
    this.#cancellation.release(this.#watch.free?.());
  }
}
