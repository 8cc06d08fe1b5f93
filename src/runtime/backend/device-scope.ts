/**
 * Device scopes: the ops of a function run on one device, even after an `await`, while interleaved code keeps its own
 * device. Changes the session's executor.
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
   * Runs a function with its ops on a device.
   *
   * @param deviceName - `CPU:1`, `/GPU:0` or a full device name.
   * @param fn - The function. If it returns a promise, the scope stays open until the promise settles.
   * @returns What the function returns.
   * @throws {MirrorscopeError} `UNKNOWN_DEVICE` when there is no such device.
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
    if (result instanceof Promise)
      return result.finally(() => {
        this.#leave();
      }) as T;
    this.#leave();
    return result;
  }

  #enter(): void {
    this.#open++;
    this.#session.executor.deviceSource = () => this.#current.getStore();
  }

  #leave(): void {
    this.#open--;
    // Looking up the scope costs time on every op, so it is done only while a scope is open.
    if (this.#open === 0) this.#session.executor.deviceSource = undefined;
  }
}
