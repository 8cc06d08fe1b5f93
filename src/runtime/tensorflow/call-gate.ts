/** Limits how many calls run on koffi's thread pool, which throws when its queue is full. Pure. */

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`The call failed: ${JSON.stringify(thrown)}`);
}

/** Starts calls in order, at most `limit` at a time. */
export class CallGate {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many calls are in flight. */
  get running(): number {
    return this.#running;
  }

  /**
   * Starts a call as soon as fewer than `limit` calls are in flight.
   *
   * @param start - Starts the call, which reports its end through `done`.
   * @returns The result of the call; rejects with its error.
   */
  run<T>(start: (done: (error: unknown, result: T) => void) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const launch = (): void => {
        this.#running++;
        try {
          start((error, result) => {
            this.#leave();
            if (error) reject(asError(error));
            else resolve(result);
          });
        } catch (error) {
          this.#leave();
          reject(asError(error));
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
