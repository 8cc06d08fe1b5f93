/**
 * Lets only so many calls of koffi's thread pool be under way: it refuses more than its queue holds. Pure.
 */

/** Starts calls in order, at most `limit` at a time. */
export class CallGate {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Runs `start` when there is room; the promise settles as `done` says. */
  run<T>(start: (done: (error: unknown, result: T) => void) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const launch = (): void => {
        this.#running++;
        try {
          start((error, result) => {
            this.#leave();
            if (error) reject(error instanceof Error ? error : new Error(String(error)));
            else resolve(result);
          });
        } catch (error) {
          this.#leave();
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      if (this.#running < this.#limit) launch();
      else this.#waiting.push(launch);
    });
  }

  #leave(): void {
    this.#running--;
    this.#waiting.shift()?.();
  }
}
