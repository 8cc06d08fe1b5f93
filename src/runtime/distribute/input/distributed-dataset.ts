/** A dataset whose elements hold one part per replica. */

/**
 * A dataset whose elements are dealt out to replicas, as `tf.distribute.DistributedDataset`. Iterate it with `for
 * await`.
 *
 * @example
 * ```js
 * for await (const batch of strategy.distributeDataset(dataset)) strategy.run(trainStep, [batch]);
 * ```
 */
export class DistributedDataset implements AsyncIterable<unknown> {
  /** The number of elements, `Infinity`, or null when unknown. */
  readonly size: number | null;
  readonly #start: () => AsyncIterator<unknown>;

  /**
   * Strategies construct these datasets.
   *
   * @param start - Starts an iteration.
   * @param size - The number of elements, or null when unknown.
   */
  constructor(start: () => AsyncIterator<unknown>, size: number | null) {
    this.#start = start;
    this.size = size;
  }

  /**
   * Starts an iteration from the first element. The caller disposes of each element's tensors.
   *
   * @returns The iterator.
   */
  iterator(): AsyncIterator<unknown> {
    return this.#start();
  }

  /** @returns The same as {@link DistributedDataset.iterator}. */
  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return this.#start();
  }

  /**
   * Calls a function with each element, and waits for it before the next.
   *
   * @param fn - May be async.
   */
  async forEachAsync(fn: (element: unknown) => unknown): Promise<void> {
    for await (const element of this) await fn(element);
  }
}
