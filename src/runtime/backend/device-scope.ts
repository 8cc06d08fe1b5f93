/**
 * `withDevice(name, fn)`: the ops that run inside `fn` run on one device, also after an `await` inside it, while other code
 * that is interleaved with it keeps its own device. Touches the session's executor.
 */
import type { Device } from '../tensorflow/context.js';
import type { RuntimeSession } from '../tensorflow/runtime-session.js';

import { AsyncLocalStorage } from 'node:async_hooks';

/** Opens device scopes on one session. */
export class DeviceScope {
  readonly #session: RuntimeSession;
  readonly #current = new AsyncLocalStorage<Device>();
  #open = 0;

  constructor(session: RuntimeSession) {
    this.#session = session;
  }

  /**
   * Runs `fn` with its ops on a device: `CPU:1`, `/GPU:0`, or a full device name.
   * @returns what `fn` returns; a promise keeps the scope open until it settles.
   * @throws MirrorscopeError `UNKNOWN_DEVICE`
   */
  run<T>(deviceName: string, fn: () => T): T {
    const device = this.#session.context.resolveDevice(deviceName);
    this.#enter();
    let result: T;
    try {
      result = this.#current.run(device, fn);
    } catch (error) {
      this.#leave();
      throw error;
    }
    if (result instanceof Promise) return result.finally(() => this.#leave()) as T;
    this.#leave();
    return result;
  }

  #enter(): void {
    this.#open++;
    this.#session.executor.deviceSource = () => this.#current.getStore();
  }

  #leave(): void {
    this.#open--;
    // Looking a scope up costs time on every op: only while one is open.
    if (this.#open === 0) this.#session.executor.deviceSource = undefined;
  }
}
