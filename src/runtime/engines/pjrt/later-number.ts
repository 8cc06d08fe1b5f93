/** Numbers that are known once the steps have ended that compute them. No native calls of its own. */

/** Where a number comes from. */
export interface NumberSource {
  /** Blocks until the number is there, and returns it. */
  get(): number;
  /** Resolves when {@link get} will not block. Never rejects. */
  ready(): Promise<void>;
}

/** A number that may not be known yet. Remembers it, or why there is none. */
export class LaterNumber implements NumberSource {
  #source: NumberSource | undefined;
  #value = NaN;
  #error: unknown;

  /** @param source - Gives the number. It is dropped as soon as the number is known. */
  constructor(source: NumberSource) {
    this.#source = source;
  }

  /** Waits for the number. Never throws: {@link get} does. */
  settle(): void {
    const source = this.#source;
    if (source === undefined) return;
    try {
      this.#value = source.get();
    } catch (error) {
      this.#error = error ?? new Error('the number could not be read');
    }
    this.#source = undefined;
  }

  get(): number {
    this.settle();
    if (this.#error !== undefined) throw this.#error as Error;
    return this.#value;
  }

  async ready(): Promise<void> {
    await this.#source?.ready();
  }
}

/**
 * Numbers in the order in which they were asked for: what a number is computed from comes before it. The oldest ones
 * are waited for, since their steps have ended long ago, so that an epoch of any length needs a fixed amount of memory.
 */
export class LaterNumbers {
  readonly #most: number;
  readonly #pending: LaterNumber[] = [];

  /** @param most - How many numbers may be unknown. */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Adds a number.
   *
   * @param source - Gives the number.
   * @returns The number.
   */
  add(source: NumberSource): LaterNumber {
    const added = new LaterNumber(source);
    this.#pending.push(added);
    while (this.#pending.length > this.#most) this.#pending.shift()?.settle();
    return added;
  }
}
