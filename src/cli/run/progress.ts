/** Shows how far a long run has come, in one line on standard error. Writes only to a terminal. */
import type { ProgressListener } from '../../scan/find-candidates.js';
import type { TextSink } from '../command-io.js';

/** The progress line of a run. */
export interface Progress {
  readonly update: ProgressListener;
  /** Erases the line. Call this before anything else is printed. */
  clear(): void;
}

/** A shorter run ends before anybody could read the line. */
const DELAY_MILLISECONDS = 500;
const INTERVAL_MILLISECONDS = 100;
const ERASE_LINE = '\r\u001b[2K';
const VERBS = { scanning: 'Scanning', migrating: 'Migrating' } as const;

/**
 * Makes the progress line.
 *
 * @param stderr - Where the line goes; nothing is printed unless this is a terminal.
 * @param now - Milliseconds since any fixed moment.
 * @returns The line.
 */
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
