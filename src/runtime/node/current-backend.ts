/** Finds the `mirrorscope` backend, whichever backend tfjs currently uses. Starts TensorFlow. */
import { registerBackend } from '../backend/index.js';
import { asMirrorscopeBackend, BACKEND_NAME, type MirrorscopeBackend } from '../backend/mirrorscope-backend.js';
import { loadTfjs } from '../tfjs/load-tfjs.js';

/**
 * Finds the backend, and registers it if it is not registered yet.
 *
 * @returns The backend.
 * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` when there is no usable TensorFlow library.
 */
export function mirrorscopeBackend(): MirrorscopeBackend {
  const tfjs = loadTfjs();
  registerBackend(tfjs);
  return asMirrorscopeBackend(tfjs.engine().findBackend(BACKEND_NAME));
}
