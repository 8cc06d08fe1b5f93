/** Removes TensorFlow functions from their context. Calls the C API. */
import type { CApi } from './c-api.js';

import { Status } from './status.js';

/**
 * Removes functions that are no longer used. Caches release the functions that they evict. When a program drops a model
 * without disposing it, a finalizer removes the model's functions, which would otherwise stay in the context. Counts
 * functions for leak tests.
 */
export class FunctionOwner {
  readonly #api: CApi;
  readonly #context: number;
  readonly #dropped: FinalizationRegistry<string>;
  #alive = 0;

  /**
   * @param api - The C API.
   * @param context - Pointer of the eager context.
   */
  constructor(api: CApi, context: number) {
    this.#api = api;
    this.#context = context;
    this.#dropped = new FinalizationRegistry((name) => void this.#remove(name));
  }

  /** Number of functions in the context. */
  get alive(): number {
    return this.#alive;
  }

  /**
   * Takes over a function.
   *
   * @param owner - The function is removed when this object is garbage-collected.
   * @param name - Name of the function.
   */
  adopt(owner: object, name: string): void {
    this.#alive++;
    this.#dropped.register(owner, name, owner);
  }

  /**
   * Removes a function now. A call in flight continues, because TensorFlow keeps what it needs.
   *
   * @param owner - The object that owns the function.
   * @param name - Name of the function.
   * @throws {TensorFlowError} When the context has no such function.
   */
  release(owner: object, name: string): void {
    if (!this.#dropped.unregister(owner)) return;
    const error = this.#remove(name);
    if (error) throw error;
  }

  /** Returns its error instead of throwing it: nobody can catch what a finalizer throws. */
  #remove(name: string): Error | undefined {
    this.#alive--;
    const status = new Status(this.#api);
    try {
      this.#api.TFE_ContextRemoveFunction(this.#context, name, status.pointer);
      return status.takeErrorIfAny(name);
    } finally {
      status.delete();
    }
  }
}
