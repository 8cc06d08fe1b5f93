/** Waits for the events of a plugin, and frees them. Calls the C API. */
import type { PluginApi } from './plugin-api.js';

/** Something that happens on a device. */
export class PjrtEvent {
  readonly #api: PluginApi;
  #pointer: number;
  #waits = 0;
  #isDone = false;

  /**
   * @param api - Calls the plugin.
   * @param pointer - The event; 0 for one that has already happened. This object frees it after {@link await}.
   */
  constructor(api: PluginApi, pointer: number) {
    this.#api = api;
    this.#pointer = pointer;
  }

  /**
   * Blocks until it has happened, and frees it. Does nothing when called again.
   *
   * @throws {PjrtError} When what it stands for has failed.
   */
  await(): void {
    if (this.#isDone || this.#pointer === 0) return;
    this.#isDone = true;
    try {
      this.#api.call('PJRT_Event_Await', { event: this.#pointer });
    } finally {
      this.#freeUnlessAwaited();
    }
  }

  /** Waits on another thread until it has happened or failed. */
  async settled(): Promise<void> {
    if (this.#isDone || this.#pointer === 0) return;
    // Most events of small values have happened, and another thread costs more than the question.
    if (this.#api.call('PJRT_Event_IsReady', { event: this.#pointer }).get('is_ready') !== 0) return;
    this.#waits++;
    try {
      await this.#api.callAsync('PJRT_Event_Await', { event: this.#pointer });
    } catch {
      // await() reports it.
    } finally {
      this.#waits--;
      if (this.#wasAwaited()) this.#freeUnlessAwaited();
    }
  }

  /** Another caller may have called await() meanwhile. */
  #wasAwaited(): boolean {
    return this.#isDone;
  }

  #freeUnlessAwaited(): void {
    if (this.#waits > 0 || this.#pointer === 0) return;
    this.#api.call('PJRT_Event_Destroy', { event: this.#pointer });
    this.#pointer = 0;
  }
}

/**
 * Blocks until an event has happened, and frees it.
 *
 * @param api - Calls the plugin.
 * @param event - The event; 0 for one that has already happened.
 * @throws {PjrtError} When what it stands for has failed.
 */
export function awaitEvent(api: PluginApi, event: number): void {
  new PjrtEvent(api, event).await();
}

/**
 * Waits for an event on another thread, and frees it.
 *
 * @param api - Calls the plugin.
 * @param event - The event; 0 for one that has already happened.
 * @throws {PjrtError} When what it stands for has failed.
 */
export async function waitForEvent(api: PluginApi, event: number): Promise<void> {
  const awaited = new PjrtEvent(api, event);
  await awaited.settled();
  awaited.await();
}
