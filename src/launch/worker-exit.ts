/** How a worker ended, and what follows from it. Pure. */
import { constants } from 'node:os';

/** How a worker ended. */
export interface WorkerExit {
  /** The name of the worker. */
  readonly name: string;
  /** The exit code, as a shell shows it: 128 plus the number of the signal that killed it. */
  readonly code: number;
  /** The signal that killed it; undefined when it exited by itself. */
  readonly signal: NodeJS.Signals | undefined;
}

/** The worker has saved its state and stopped, because its machine is being taken away. TensorFlow's code for this. */
const PREEMPTED = 42;
/** By convention, the command line of the program is wrong. It would be wrong again. */
const WRONG_USAGE = 2;
const SIGNAL_BASE = 128;

/**
 * Converts what Node reports about an ended process.
 *
 * @param name - The name of the worker.
 * @param code - The exit code; null when a signal killed it.
 * @param signal - The signal; null when it exited by itself.
 * @returns How it ended.
 */
export function workerExit(name: string, code: number | null, signal: NodeJS.Signals | null): WorkerExit {
  const number = signal === null ? 0 : constants.signals[signal];
  return { name, code: code ?? SIGNAL_BASE + number, signal: signal ?? undefined };
}

/**
 * Says how a worker ended.
 *
 * @param exit - How it ended.
 * @returns The rest of a sentence that starts with its name.
 */
export function exitInWords({ code, signal }: WorkerExit): string {
  if (signal !== undefined) return `was killed by ${signal}`;
  return code === PREEMPTED ? `saved its state and exited with ${code}` : `exited with ${code}`;
}

/**
 * Whether another start of the job can do better.
 *
 * @param failure - The first worker that failed.
 * @returns False for a wrong command line, which stays wrong.
 */
export function isWorthRestarting(failure: WorkerExit): boolean {
  return failure.code !== WRONG_USAGE;
}
