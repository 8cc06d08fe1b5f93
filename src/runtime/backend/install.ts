/**
 * Makes the backend available to tfjs under the name `mirrorscope`. Touches tfjs's registries; starts TensorFlow
 * only when the backend is first used.
 */
import * as tf from '@tensorflow/tfjs';
import { RuntimeSession } from '../tensorflow/runtime-session.js';
import { BACKEND_NAME, MirrorscopeBackend } from './mirrorscope-backend.js';
import { registerKernels } from './register-kernels.js';

/** TensorFlow in this thread. */
export const session = new RuntimeSession();

/** Above tfjs's `cpu` (1), `wasm` and `webgl` (2) and tfjs-node's `tensorflow` (3) only when it is asked for. */
const PRIORITY = 0;

/** Registers the backend and its kernels with tfjs. A second call does nothing. */
export function registerBackend(): void {
  registerKernels();
  if (tf.findBackendFactory(BACKEND_NAME)) return;
  tf.registerBackend(BACKEND_NAME, () => new MirrorscopeBackend(session.executor), PRIORITY);
}

/**
 * Registers the backend, starts TensorFlow and makes it tfjs's current backend.
 * @throws MirrorscopeError `ENGINE_UNAVAILABLE` where no usable library is found.
 */
export function useBackend(): MirrorscopeBackend {
  registerBackend();
  // Started here and not inside tfjs, which would swallow the reason of a failure.
  void session.executor;
  tf.setBackend(BACKEND_NAME);
  return tf.backend() as MirrorscopeBackend;
}
