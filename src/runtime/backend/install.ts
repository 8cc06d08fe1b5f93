/**
 * Makes the backend available to tfjs under the name `mirrorscope`. Touches tfjs's registries; starts TensorFlow
 * only when the backend is first used.
 */
import { RuntimeSession } from '../tensorflow/runtime-session.js';
import { asKernelBackend } from '../tfjs/kernel-backend.js';
import { loadTfjs, type TensorFlowJs } from '../tfjs/load-tfjs.js';

import { DeviceConfiguration } from './device-configuration.js';
import { DeviceScope } from './device-scope.js';
import { BACKEND_NAME, MirrorscopeBackend } from './mirrorscope-backend.js';
import { registerKernels } from './register-kernels.js';

/** TensorFlow in this thread. */
export const session = new RuntimeSession();

/** Devices and threads, as `tf.config` in Python. */
export const config = new DeviceConfiguration(session);

const deviceScope = new DeviceScope(session);

/**
 * Runs `fn` with its ops on a device of the `mirrorscope` backend: `CPU:1`, `/GPU:0` or a full name. Works with async functions.
 * @throws MirrorscopeError `UNKNOWN_DEVICE`
 */
export function withDevice<T>(deviceName: string, fn: () => T): T {
  return deviceScope.run(deviceName, fn);
}

/** Below every other backend: it is used when it is asked for. */
const PRIORITY = 0;

/** Registers the backend and its kernels with tfjs, without starting TensorFlow. A second call does nothing. */
export function registerBackend(tfjs: TensorFlowJs = loadTfjs()): void {
  registerKernels(tfjs);
  if (tfjs.findBackendFactory(BACKEND_NAME)) return;
  tfjs.registerBackend(
    BACKEND_NAME,
    () => asKernelBackend(new MirrorscopeBackend(() => session.executor, tfjs)),
    PRIORITY,
  );
}

/** The backend that tfjs uses now, which must be ours. */
export function currentBackend(tfjs: TensorFlowJs): MirrorscopeBackend {
  return tfjs.backend() as unknown as MirrorscopeBackend;
}

/**
 * Registers the backend, starts TensorFlow and makes it tfjs's current backend.
 * @throws MirrorscopeError `ENGINE_UNAVAILABLE` where no usable library is found.
 */
export function useBackend(tfjs: TensorFlowJs = loadTfjs()): MirrorscopeBackend {
  registerBackend(tfjs);
  // Started here and not inside tfjs, which would swallow the reason of a failure.
  session.executor;
  tfjs.setBackend(BACKEND_NAME);
  return currentBackend(tfjs);
}
