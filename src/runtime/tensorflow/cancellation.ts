/** Ends ops from outside. May touch: the C API. */
import type { CApi } from './c-api.js';

/**
 * A `TFE_CancellationManager`. Functions that run with the same one end together: the failure of one cancels the others where they
 * wait, and unlike an abort leaves TensorFlow able to run collectives.
 */
export class Cancellation {
  readonly #api: CApi;
  readonly pointer: number;

  constructor(api: CApi) {
    this.#api = api;
    this.pointer = api.TFE_NewCancellationManager();
  }

  cancel(): void {
    this.#api.TFE_CancellationManagerStartCancel(this.pointer);
  }

  /** Only once everything that ran with it has ended. */
  delete(): void {
    this.#api.TFE_DeleteCancellationManager(this.pointer);
  }
}
