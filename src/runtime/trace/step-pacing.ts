/** Decides how to wait between steps, by how long they take. Touches the event loop. */

/**
 * Short steps are waited for on this thread: waiting on another one costs a turn of the event loop, a fraction of a
 * millisecond.
 */
const LONG_STEP_MS = 10;

/** The weight of the last step in the moving average. */
const LAST_STEP_WEIGHT = 0.3;

/** The event loop turns at least this often, also while nothing blocks. */
const TURN_MS = 20;

/** The pace of the steps of one engine. */
export class StepPacing {
  /** The moving average of step times, in milliseconds. */
  #period = LONG_STEP_MS;
  #started = 0;
  #turned = 0;

  /** Call when a step starts. */
  stepStarts(): void {
    const now = performance.now();
    this.#period += LAST_STEP_WEIGHT * (now - this.#started - this.#period);
    this.#started = now;
  }

  /**
   * Waits before a step, where waiting is worth it.
   *
   * @param wait - Waits for the oldest step without blocking.
   * @param mustWait - Whether the next step has to wait for it.
   */
  async pause(wait: () => Promise<void>, mustWait: boolean): Promise<void> {
    if (this.#period >= LONG_STEP_MS && mustWait) {
      await wait();
      this.#turned = performance.now();
    } else if (performance.now() - this.#turned >= TURN_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#turned = performance.now();
    }
  }
}
