/**
 * Hands out the instance keys of a group's collectives. Every process of the group must choose the same key for the
 * same collective, so the keys depend only on what the processes have in common: the order of the steps, and what the
 * replicas exchange in them. Touches its own memory only.
 */

/**
 * This many steps in a row use different keys; there are never as many steps in flight. TensorFlow remembers the shape
 * of each key forever, so steps that exchange the same shapes share a few keys.
 */
const KEY_GENERATIONS = 8;

/** The keys of all steps that exchange the same. */
interface KeyRange {
  readonly first: number;
  /** How often queues had been cleared when the keys were reserved. */
  readonly recoveries: number;
  steps: number;
}

/** What the replicas of a step exchange. */
export interface Exchange {
  /** Names the shapes: equal for steps that may share keys. */
  readonly signature: string;
  /** How many collectives the step has. */
  readonly collectives: number;
}

/** Counts the keys that are in use. */
export interface KeyCounter {
  next: number;
}

/** The keys of one group. */
export class InstanceKeys {
  readonly #counter: KeyCounter;
  readonly #reuse: boolean;
  readonly #ranges = new Map<string, KeyRange>();

  /**
   * @param counter - The first key that is free. Groups may share it.
   * @param reuse - Whether later steps use the keys of earlier ones again. Python's processes never do.
   */
  constructor(counter: KeyCounter = { next: 1 }, reuse = true) {
    this.#counter = counter;
    this.#reuse = reuse;
  }

  /** The first key that is free. */
  get next(): number {
    return this.#counter.next;
  }

  /**
   * Begins again: steps use none of the keys that they used before.
   *
   * @param next - The first key to use: the same in every process.
   */
  restart(next: number): void {
    this.#counter.next = next;
    this.#ranges.clear();
  }

  /** @returns A key that no step uses. */
  single(): number {
    return this.#counter.next++;
  }

  /**
   * Chooses the keys of a step.
   *
   * @param exchange - What the replicas exchange in it.
   * @param recoveries - How often queues were cleared. Messages of a cancelled collective may still wait under its key.
   * @param onNew - Gets the first key of each generation, when these keys are new.
   * @returns The first of consecutive keys.
   */
  forStep(
    { signature, collectives }: Exchange,
    recoveries: number,
    onNew: (generations: readonly number[]) => void,
  ): number {
    if (!this.#reuse) {
      const first = this.#counter.next;
      this.#counter.next += collectives;
      onNew([first]);
      return first;
    }
    const known = this.#ranges.get(signature);
    const isNew = known?.recoveries !== recoveries;
    const range = isNew ? { first: this.#counter.next, recoveries, steps: 0 } : known;
    if (isNew) {
      this.#counter.next += collectives * KEY_GENERATIONS;
      onNew(Array.from({ length: KEY_GENERATIONS }, (_, generation) => range.first + generation * collectives));
      this.#ranges.set(signature, range);
    }
    return range.first + (range.steps++ % KEY_GENERATIONS) * collectives;
  }
}
