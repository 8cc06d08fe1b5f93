/** One line on standard error that says how far a long run has come; on a terminal only. */
import type { ProgressListener } from '../../scan/find-candidates.js';
import type { TextSink } from '../command-io.js';

/** A progress line; `clear` before anything else is printed. */
export interface Progress {
  readonly update: ProgressListener;
  clear(): void;
}

/** Runs shorter than this are over before a line could be read. */
const DELAY_MILLISECONDS = 500;
const INTERVAL_MILLISECONDS = 100;
const ERASE_LINE = '\r\u001b[2K';
const VERBS = { scanning: 'Looking at', migrating: 'Migrating' } as const;

/** @param now milliseconds, from any fixed moment */
export function createProgress(stderr: TextSink, now: () => number = () => performance.now()): Progress {
  if (!stderr.isTTY) return { update: () => undefined, clear: () => undefined };
  let nextAt = now() + DELAY_MILLISECONDS;
  let isShown = false;
  return {
    update(step, done, total) {
      if (now() < nextAt) return;
      nextAt = now() + INTERVAL_MILLISECONDS;
      isShown = true;
      stderr.write(`${ERASE_LINE}${VERBS[step]} files: ${done} of ${total}`);
    },
    clear() {
      if (isShown) stderr.write(ERASE_LINE);
      isShown = false;
    },
  };
}
