/** Who removes TensorFlow functions from their context. May touch: the C API. */
import type { CApi } from './c-api.js';

import { Status } from './status.js';

/**
 * Removes functions. Whoever keeps a list of them removes those that it lets go of; the registry catches the rest: those of models that a
 * program drops, whose functions would stay in the context for good. Counts what is there, for leak tests.
 */
export class FunctionOwner {
  readonly #api: CApi;
  readonly #context: number;
  readonly #dropped: FinalizationRegistry<string>;
  #alive = 0;

  /** @param context - The eager context's pointer. */
  constructor(api: CApi, context: number) {
    this.#api = api;
    this.#context = context;
    this.#dropped = new FinalizationRegistry((name) => void this.#remove(name));
  }

  /** How many functions exist now. */
  get alive(): number {
    return this.#alive;
  }

  /** @param owner - The function goes when this is collected. */
  adopt(owner: object, name: string): void {
    this.#alive++;
    this.#dropped.register(owner, name, owner);
  }

  /** Removes a function now. What runs it goes on: it holds what it needs. @throws TensorFlowError when there is none of that name. */
  release(owner: object, name: string): void {
    if (!this.#dropped.unregister(owner)) return;
    const error = this.#remove(name);
    if (error) throw error;
  }

  /** @returns What went wrong: in a finalizer, nobody could catch it. */
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
