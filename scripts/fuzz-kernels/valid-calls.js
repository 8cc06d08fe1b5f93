/** Valid calls of every kernel: those recorded from TensorFlow.js's test suite, and a few more. Reads a file. */
import { readFileSync } from 'node:fs';

import { MORE_CALLS } from './more-calls-table.js';

/** @import { RecordedCall } from './recorded-call.js' */

/** @returns {Map<string, RecordedCall[]>} The calls, by kernel. */
export function validCalls() {
  const recorded = /** @type {unknown} */ (
    JSON.parse(readFileSync(new URL('recorded-calls.json', import.meta.url), 'utf8'))
  );
  /** @type {Map<string, RecordedCall[]>} */
  const calls = new Map();
  for (const call of [.../** @type {RecordedCall[]} */ (recorded), ...MORE_CALLS])
    calls.set(call.kernel, [...(calls.get(call.kernel) ?? []), call]);
  return calls;
}
