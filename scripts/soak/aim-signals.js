/**
 * `node aim-signals.js PID`: sends SIGUSR2 to each thread of a process, one after the other, until the process or this
 * one ends. Only on Linux.
 */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';

const loaded = /** @type {unknown} */ (createRequire(import.meta.url)('koffi'));
const koffi = /** @type {typeof import('koffi')} */ (loaded);
const process_ = Number(process.argv[2]);
/** @type {(process: number, thread: number, signal: number) => number} */
const tgkill = koffi.load(null).func('tgkill', 'int', ['int', 'int', 'int']);

/** @returns {string[]} The threads; none once the process has ended. */
function threads() {
  try {
    return readdirSync(`/proc/${process_}/task`);
  } catch {
    return [];
  }
}

for (let found = threads(); found.length > 0; found = threads()) {
  for (let round = 0; round < 20; round++) {
    for (const thread of found) tgkill(process_, Number(thread), constants.signals.SIGUSR2);
  }
  // Lets the handlers run, which Node.js calls between two turns of its event loop.
  await new Promise((resolve) => setTimeout(resolve, 1));
}
