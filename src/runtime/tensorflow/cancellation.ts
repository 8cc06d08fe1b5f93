/** Cancels running functions. Calls the C API. */
import type { CApi } from './c-api.js';

/**
 * A `TFE_CancellationManager`. Functions that share one end together: when one fails, the others stop waiting. Unlike
 * aborting a collective, this leaves TensorFlow able to run further collectives.
 */
export class Cancellation {
  readonly #api: CApi;
  readonly pointer: number;

  constructor(api: CApi) {
    this.#api = api;
    this.pointer = api.TFE_NewCancellationManager();
  }

  /** Cancels every function that runs with it. */
  cancel(): void {
    this.#api.TFE_CancellationManagerStartCancel(this.pointer);
  }

  /** Frees it. Every function that ran with it must have ended. */
  delete(): void {
    this.#api.TFE_DeleteCancellationManager(this.pointer);
  }
}
