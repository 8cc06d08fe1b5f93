/** A dataset whose elements hold one part a replica. */

/** Iterates with `for await`, or by hand through `iterator()`. As `tf.distribute.DistributedDataset`. */
export class DistributedDataset implements AsyncIterable<unknown> {
  /** How many elements it has: a number, `Infinity`, or null when unknown. */
  readonly size: number | null;
  readonly #start: () => AsyncIterator<unknown>;

  constructor(start: () => AsyncIterator<unknown>, size: number | null) {
    this.#start = start;
    this.size = size;
  }

  /** Starts again from the first element. Each element's tensors are the caller's to release. */
  iterator(): AsyncIterator<unknown> {
    return this.#start();
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return this.#start();
  }

  /** Calls `fn` with each element in turn, waiting for it. */
  async forEachAsync(fn: (element: unknown) => unknown): Promise<void> {
    for await (const element of this) await fn(element);
  }
}
