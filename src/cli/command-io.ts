/** The parts of the process that a command may use. Only the entry point touches `process`. Types only. */
import type { HeldSignals } from './hold-signals.js';

/** A stream for text. */
export interface TextSink {
  readonly isTTY: boolean;
  write(text: string | Uint8Array): void;
}

/** The streams and the environment of a command. */
export interface CommandIo {
  /** The real path of the working directory. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** Keeps signals from ending the process in the middle of a change; without it, they are not held back. */
  readonly holdSignals?: () => HeldSignals;
  /** Reads standard input to its end. */
  readStdin(): Promise<Uint8Array>;
  /**
   * Listens to signals that ask this process to end; it then does not end by itself. When it ends for another reason,
   * the listener gets `SIGTERM`.
   *
   * @returns A function that stops listening.
   */
  readonly onSignal: (listener: (signal: NodeJS.Signals) => void) => () => void;
}
