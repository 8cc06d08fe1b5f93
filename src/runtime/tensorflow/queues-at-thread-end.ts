/**
 * Frees a context and its queues at the end of a worker thread, except at moments at which that would wait forever.
 * Calls the C API.
 */
import type { CApi } from './c-api.js';

import { EndCells } from './end-cells.js';

/** The context and the queues of a thread. */
export class QueuesAtThreadEnd {
  readonly #context: number;
  readonly #contextCell: EndCells;
  readonly #queueCells: EndCells;
  readonly #queues: number[] = [];

  /**
   * @param api - The C API.
   * @param context - The `TFE_Context*`. It is freed after all that is registered for the end of the thread later.
   */
  constructor(api: CApi, context: number) {
    this.#context = context;
    this.#contextCell = new EndCells(api, 'TFE_DeleteContext');
    this.#queueCells = new EndCells(api, 'TFE_DeleteExecutor');
    this.#setAll(false);
  }

  /**
   * Adds a queue. Freeing it waits for its ops.
   *
   * @param queue - The `TFE_Executor*`.
   */
  add(queue: number): void {
    this.#queueCells.set(this.#queues.push(queue) - 1, queue);
  }

  /**
   * Runs code that starts ops which wait for each other and cannot be cancelled. If the thread is terminated before all
   * of them have started, the context and its queues are never freed.
   *
   * @param body - Runs once.
   * @returns What `body` returns.
   */
  keep<Result>(body: () => Result): Result {
    this.#setAll(true);
    try {
      return body();
    } finally {
      this.#setAll(false);
    }
  }

  #setAll(isKept: boolean): void {
    this.#contextCell.set(0, isKept ? 0 : this.#context);
    for (const [index, queue] of this.#queues.entries()) this.#queueCells.set(index, isKept ? 0 : queue);
  }
}
