/** Cancels running functions. Calls the C API. */
import type { CApi } from './c-api.js';

/**
 * A `TFE_CancellationManager`. Functions that share one end together: when one fails, the others stop waiting. Unlike
 * aborting a collective, this leaves TensorFlow able to run further collectives.
 */
export class Cancellation {
  readonly #owner: CancellationOwner;
  readonly pointer: number;
  #isCancelled = false;

  /**
   * @param owner - Takes it back.
   * @param pointer - The `TFE_CancellationManager*`.
   */
  constructor(owner: CancellationOwner, pointer: number) {
    this.#owner = owner;
    this.pointer = pointer;
  }

  /** Cancels every function that runs with it. */
  cancel(): void {
    this.#isCancelled = true;
    this.#owner.api.TFE_CancellationManagerStartCancel(this.pointer);
  }

  /**
   * Gives it back. Every function that ran with it must have ended.
   *
   * @param wasCancelled - Whether another thread has cancelled it.
   */
  release(wasCancelled = false): void {
    this.#owner.take(this, this.#isCancelled || wasCancelled);
  }
}

/**
 * Makes cancellations, and uses those again that were never cancelled. So there are few, and the end of the thread can
 * cancel all of them: a function that waits for another replica would never end by itself.
 */
export class CancellationOwner {
  readonly api: CApi;
  readonly #unused: Cancellation[] = [];
  readonly #made: number[] = [];

  /** @param api - The C API. */
  constructor(api: CApi) {
    this.api = api;
  }

  /** @returns A cancellation that is not cancelled. */
  give(): Cancellation {
    return this.#unused.pop() ?? this.#make();
  }

  #make(): Cancellation {
    const pointer = this.api.TFE_NewCancellationManager();
    if (this.api.threadEnd.isSupported) {
      this.#made.push(pointer);
      this.api.threadEnd.call('TFE_CancellationManagerStartCancel', pointer);
    }
    return new Cancellation(this, pointer);
  }

  /**
   * Takes a cancellation back.
   *
   * @param cancellation - No function runs with it.
   * @param isCancelled - Whether it is of no more use.
   */
  take(cancellation: Cancellation, isCancelled: boolean): void {
    if (!isCancelled) this.#unused.push(cancellation);
    // Otherwise the end of the thread still cancels it. A failed step is rare, and its cancellation small.
    else if (!this.api.threadEnd.isSupported) this.api.TFE_DeleteCancellationManager(cancellation.pointer);
  }

  /** Makes the end of the thread cancel all functions before it frees what was registered for it so far. */
  cancelFirstAtThreadEnd(): void {
    for (const pointer of this.#made) this.api.threadEnd.call('TFE_CancellationManagerStartCancel', pointer);
  }
}
