/** The `mirrorscope` backend, whichever backend is tfjs's current one. Starts TensorFlow when it has not started. */
import type * as tf from '@tensorflow/tfjs';

import { registerBackend } from '../backend/index.js';
import { BACKEND_NAME, type MirrorscopeBackend } from '../backend/mirrorscope-backend.js';
import { loadTfjs } from '../tfjs/load-tfjs.js';

export function currentBackend(): MirrorscopeBackend {
  const tfjs = loadTfjs();
  registerBackend(tfjs);
  const backend: tf.KernelBackend | undefined = tfjs.engine().findBackend(BACKEND_NAME);
  return backend as unknown as MirrorscopeBackend;
}
