/** A map that drops its least recently used entry. Pure. */

/** Keeps a limited number of entries. */
export class LruCache<Key, Value> {
  readonly #maxSize: number;
  /** In the order of last use. */
  readonly #entries = new Map<Key, Value>();

  /** @param maxSize - The most entries to keep. */
  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /**
   * Finds an entry, and marks it as used.
   *
   * @param key - The key of the entry.
   * @returns Its value; undefined when it was dropped or never set.
   */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  /**
   * Sets an entry, and drops the least recently used one when there are too many.
   *
   * @param key - The key of the entry.
   * @param value - Any value but undefined.
   */
  set(key: Key, value: Value): void {
    // A map keeps the order of insertion: the last entry is the most recently used.
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#maxSize) return;
    const [oldest] = this.#entries.keys();
    this.#entries.delete(oldest as Key);
  }
}
