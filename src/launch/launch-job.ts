/** Runs a job on this machine: starts its workers, and starts all of them again when one fails. Starts processes. */
import type { JobSize } from './job-plan.js';
import type { WorkerOutput } from './worker-process.js';

import { findFreePorts } from './free-ports.js';
import { planWorkers } from './job-plan.js';
import { boundToParent } from './network-namespace.js';
import { type AttemptOptions, runAttempt } from './run-attempt.js';
import { exitInWords, isWorthRestarting } from './worker-exit.js';

/** What to run, and how. */
export interface JobOptions extends Pick<AttemptOptions, 'graceMs' | 'onSignal' | 'say'> {
  readonly size: JobSize;
  /** The script and its arguments. */
  readonly script: readonly string[];
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly maxRestarts: number;
  readonly outputOf: (index: number, name: string) => WorkerOutput;
}

/**
 * Runs a job to its end.
 *
 * @param options - The job.
 * @returns The exit code: 0 when every worker of the last start succeeded, otherwise that of the first one that failed.
 * @throws {MirrorscopeError} `LAUNCH_FAILED` when a worker could not be started.
 */
export async function launchJob(options: JobOptions): Promise<number> {
  const { maxRestarts, say } = options;
  for (let restarts = 0; ; restarts++) {
    const { failure, interruptedBy } = await startOnce(options, restarts);
    if (failure === undefined) return 0;
    if (interruptedBy !== undefined) {
      say(`${interruptedBy} was sent on to all workers; ${failure.name} ${exitInWords(failure)}.`);
      return failure.code;
    }
    if (restarts === maxRestarts || !isWorthRestarting(failure)) return failure.code;
    say(`Restart ${restarts + 1} of ${maxRestarts}, because ${failure.name} ${exitInWords(failure)}.`);
  }
}

async function startOnce(options: JobOptions, restarts: number) {
  const { size, script, directory, environment, outputOf, graceMs, onSignal, say } = options;
  const plans = planWorkers(size, await findFreePorts(size.workers), restarts);
  return runAttempt({
    programs: plans.map((plan) => {
      const [command, ...words] = boundToParent([process.execPath, ...script], 'KILL');
      return { name: plan.name, command, words, directory, environment: { ...environment, ...plan.environment } };
    }),
    outputOf: (index) => outputOf(index, plans[index]?.name ?? ''),
    graceMs,
    onSignal,
    say,
  });
}
