/** Runs the launcher itself in a network namespace, and passes signals and the exit code on. Starts processes. */
import type { AttemptOptions } from './run-attempt.js';

import { spawn } from 'node:child_process';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { type CommandLine, inNamespace } from './network-namespace.js';
import { workerExit } from './worker-exit.js';

/**
 * Runs a command line in a network namespace of its own, with the streams of this process.
 *
 * @param command - The command line.
 * @param onSignal - Calls its argument for each signal that this process receives.
 * @returns Its exit code.
 * @throws {MirrorscopeError} `LAUNCH_FAILED` when it could not be started.
 */
export async function runIsolated(command: CommandLine, onSignal: AttemptOptions['onSignal']): Promise<number> {
  const [program, ...words] = inNamespace(command);
  // In a session of its own: a terminal would send Ctrl-C to it as well, beside our own signal.
  const child = spawn(program, words, { stdio: 'inherit', detached: true });
  const stopListening = onSignal((signal) => {
    child.kill(signal);
  });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('exit', (code, signal) => {
        resolve(workerExit('launcher', code, signal).code);
      });
      child.once('error', (cause) => {
        reject(
          new MirrorscopeError(ErrorCode.LaunchFailed, `${program} could not be started: ${cause.message}.`, { cause }),
        );
      });
    });
  } finally {
    stopListening();
  }
}
