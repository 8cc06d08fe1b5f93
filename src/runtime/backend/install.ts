/**
 * Registers the backend with tfjs under the name `mirrorscope`. Changes tfjs's registries. Starts TensorFlow when the
 * backend is first used.
 */
import { RuntimeSession } from '../tensorflow/runtime-session.js';
import { asKernelBackend } from '../tfjs/kernel-backend.js';
import { loadTfjs, type TensorFlowJs } from '../tfjs/load-tfjs.js';

import { DeviceConfiguration } from './device-configuration.js';
import { DeviceScope } from './device-scope.js';
import { asMirrorscopeBackend, BACKEND_NAME, MirrorscopeBackend } from './mirrorscope-backend.js';
import { registerKernels } from './register-kernels.js';

/** The TensorFlow of this thread. */
export const session = new RuntimeSession();

/** Devices and threads. Mirrors Python's `tf.config`. */
export const config = new DeviceConfiguration(session);

const deviceScope = new DeviceScope(session);

/**
 * Runs a function with its ops on one device of the `mirrorscope` backend. Mirrors Python's `tf.device`.
 *
 * @param deviceName - `CPU:1`, `/GPU:0` or a full device name.
 * @param fn - The function. If it is async, its ops run on the device until its promise settles.
 * @returns What the function returns.
 * @throws {MirrorscopeError} `UNKNOWN_DEVICE` when there is no such device; `ENGINE_UNAVAILABLE` when there is no
 *   usable TensorFlow library.
 *
 * @example
 * ```ts
 * import * as tf from 'mirrorscope/node';
 *
 * const sum = tf.withDevice('CPU:0', () => tf.add(1, 2));
 * ```
 */
export function withDevice<T>(deviceName: string, fn: () => T): T {
  return deviceScope.run(deviceName, fn);
}

/** Below every other backend, so that tfjs never chooses it on its own. */
const PRIORITY = 0;

/**
 * Registers the backend and its kernels with tfjs, without starting TensorFlow. A second call does nothing.
 *
 * @param tfjs - The TensorFlow.js to register it with.
 */
export function registerBackend(tfjs: TensorFlowJs = loadTfjs()): void {
  registerKernels(tfjs);
  const registered = tfjs.findBackendFactory(BACKEND_NAME) as (() => unknown) | null;
  if (registered !== null) return;
  tfjs.registerBackend(
    BACKEND_NAME,
    () => asKernelBackend(new MirrorscopeBackend(() => session.executor, tfjs)),
    PRIORITY,
  );
}

/**
 * Returns the backend that tfjs currently uses, which should be ours. Does not check it: a program may have chosen
 * another backend.
 *
 * @param tfjs - The TensorFlow.js in use.
 * @returns The backend.
 */
export function currentBackend(tfjs: TensorFlowJs): MirrorscopeBackend {
  return tfjs.backend() as unknown as MirrorscopeBackend;
}

/**
 * Registers the backend, starts TensorFlow and makes the backend tfjs's current one.
 *
 * @param tfjs - The TensorFlow.js to change.
 * @returns The backend.
 * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` when there is no usable TensorFlow library.
 */
export function useBackend(tfjs: TensorFlowJs = loadTfjs()): MirrorscopeBackend {
  registerBackend(tfjs);
  // If tfjs started it, tfjs would hide the reason of a failure.
  session.start();
  // The promise is already settled, because our factory is synchronous.
  void tfjs.setBackend(BACKEND_NAME);
  return asMirrorscopeBackend(tfjs.backend());
}
