/** Loads koffi, the foreign function interface, and configures it. The only module that requires it. */
import type * as koffiTypes from 'koffi';

import { createRequire } from 'node:module';

export type Koffi = typeof koffiTypes;

/** How many asynchronous calls may be in flight. Koffi throws at 256. */
export const MAX_ASYNC_CALLS = 128;

const MEBIBYTE = 2 ** 20;

/**
 * Loads koffi with larger stacks. Koffi runs C functions on stacks of its own, by default much smaller than a thread's.
 * TensorFlow optimizes and compiles a function on the stack of the first caller, and an overflow would end the process.
 *
 * @returns Koffi's exports.
 */
export function loadKoffi(): Koffi {
  const koffi = createRequire(import.meta.url)('koffi') as Koffi;
  try {
    koffi.config({ ...koffi.config(), sync_stack_size: 16 * MEBIBYTE, async_stack_size: MEBIBYTE });
  } catch {
    // Another package has already opened a library through koffi; its settings cannot be changed.
  }
  return koffi;
}
