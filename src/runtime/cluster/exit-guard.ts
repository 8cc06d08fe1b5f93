/**
 * Lets a process end while it waits for others. Node waits at its end for the threads that run native calls, and such a
 * thread may wait for a process that never answers. Listens to the end of the process; ends it.
 */
import type { CApi } from '../tensorflow/c-api.js';

/** Steps that are cancelled end within this time. */
const GRACE_MS = 100;

/**
 * Ends the process when Node would wait for a native call.
 *
 * @param api - Runs the calls.
 * @param cancel - Cancels what the calls wait for.
 */
export function guardExit(api: Pick<CApi, 'pendingCalls' | 'endProcess'>, cancel: () => void): void {
  process.on('exit', (code) => {
    if (api.pendingCalls === 0) return;
    cancel();
    // The event loop has stopped, so nothing tells whether the calls have ended.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, GRACE_MS);
    api.endProcess(code);
  });
}
