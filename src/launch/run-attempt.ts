/** One start of all workers of a job, until all have ended. Starts and signals processes. */
import type { WorkerExit } from './worker-exit.js';

import { exitInWords } from './worker-exit.js';
import { type WorkerOutput, WorkerProcess, type WorkerProgram } from './worker-process.js';

/** How one start of a job goes. */
export interface AttemptOptions {
  readonly programs: readonly WorkerProgram[];
  readonly outputOf: (index: number) => WorkerOutput;
  /** How long workers may take to end by themselves, in milliseconds. */
  readonly graceMs: number;
  /** Calls its argument for each signal that the launcher receives; returns a function that stops this. */
  readonly onSignal: (listener: (signal: NodeJS.Signals) => void) => () => void;
  /** Tells the user something. */
  readonly say: (sentence: string) => void;
}

/** How one start of a job ended. */
export interface AttemptOutcome {
  /** The first worker that failed; undefined when none did. */
  readonly failure: WorkerExit | undefined;
  /** The first signal that the launcher received. */
  readonly interruptedBy: NodeJS.Signals | undefined;
}

/**
 * Starts all workers and waits until all have ended. When one fails, the others have some time to notice it and to end
 * with an error of their own; then they are ended. A signal is sent on to all workers, a second one kills them.
 *
 * @param options - The workers.
 * @returns How the job ended. No worker runs any more.
 * @throws {MirrorscopeError} `LAUNCH_FAILED` when a worker could not be started.
 */
export async function runAttempt(options: AttemptOptions): Promise<AttemptOutcome> {
  const { programs, outputOf, graceMs, onSignal, say } = options;
  let failure: WorkerExit | undefined;
  let interruptedBy: NodeJS.Signals | undefined;
  const timers: NodeJS.Timeout[] = [];
  const workers = programs.map((program, index) => new WorkerProcess(program, outputOf(index)));
  const killAll = (signal: NodeJS.Signals): void => {
    for (const worker of workers) worker.kill(signal);
  };
  const after = (milliseconds: number, signal: NodeJS.Signals): void => {
    timers.push(setTimeout(killAll, milliseconds, signal));
  };
  const stopListening = onSignal((signal) => {
    if (interruptedBy !== undefined) {
      killAll('SIGKILL');
      return;
    }
    interruptedBy = signal;
    killAll(signal);
    after(graceMs, 'SIGKILL');
  });
  const noteExit = (exit: WorkerExit): void => {
    if (exit.code === 0 || failure !== undefined) return;
    failure = exit;
    if (interruptedBy !== undefined) return;
    say(`${exit.name} ${exitInWords(exit)}. The others have ${graceMs / 1000} s to end by themselves.`);
    after(graceMs, 'SIGTERM');
    after(2 * graceMs, 'SIGKILL');
  };
  try {
    await Promise.all(
      workers.map(async (worker) => {
        noteExit(await worker.exited);
      }),
    );
  } catch (error) {
    killAll('SIGKILL');
    await Promise.allSettled(workers.map(({ exited }) => exited));
    throw error;
  } finally {
    stopListening();
    for (const timer of timers) clearTimeout(timer);
  }
  return { failure, interruptedBy };
}
