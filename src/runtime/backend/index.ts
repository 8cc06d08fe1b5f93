/** The TensorFlow backend for tfjs. */
export { registerBackend, session, useBackend } from './install.js';
export { BACKEND_NAME, MirrorscopeBackend } from './mirrorscope-backend.js';
