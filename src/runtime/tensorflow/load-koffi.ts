/** Loads koffi, which is the foreign function interface. Nothing else requires it. */
import type * as koffiTypes from 'koffi';

import { createRequire } from 'node:module';

export type Koffi = typeof koffiTypes;

/** How many asynchronous calls may be under way; below koffi's own limit of 256, which throws. */
export const ASYNC_CALLS = 128;

const MEBIBYTE = 2 ** 20;

/**
 * C functions run on stacks of koffi's, which are small beside a thread's. TensorFlow optimizes the graph of a function, and compiles
 * it, on the stack of its first caller; koffi puts a guard page at the end, and a step beyond it ends the process.
 */
export function loadKoffi(): Koffi {
  const koffi = createRequire(import.meta.url)('koffi') as Koffi;
  try {
    koffi.config({ ...koffi.config(), sync_stack_size: 16 * MEBIBYTE, async_stack_size: MEBIBYTE });
  } catch {
    // Somebody else's library is open already: its settings stay.
  }
  return koffi;
}
