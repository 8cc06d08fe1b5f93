/** Keeps SIGINT, SIGTERM and SIGHUP from ending the process between two writes. Adds handlers to this process. */

/** Signals that are held back. */
export interface HeldSignals {
  /** The first signal that came. */
  readonly received: () => NodeJS.Signals | undefined;
  /** Stops holding them back. A signal that came ends the process now, as if it had just come. */
  readonly release: () => void;
}

/** The signals with which people and process managers end a program. */
export const ENDING_SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Holds back the signals that people and process managers use to end a program. Their handlers run only when the event
 * loop turns, so code that never awaits is never interrupted.
 *
 * @returns What came, and how to go back.
 */
export function holdSignals(): HeldSignals {
  let first: NodeJS.Signals | undefined;
  const listener = (signal: NodeJS.Signals): void => {
    first ??= signal;
  };
  for (const signal of ENDING_SIGNALS) process.on(signal, listener);
  return {
    received: () => first,
    release() {
      for (const signal of ENDING_SIGNALS) process.off(signal, listener);
      if (first !== undefined) process.kill(process.pid, first);
    },
  };
}
