/** Runs one Python process until it ends or reaches its time limit. Starts and ends only that process. */
import { spawn } from 'node:child_process';

/** What to run. */
export interface PythonCommand {
  readonly python: string;
  readonly args: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  /** The working directory. */
  readonly directory?: string;
  /** Text for standard input. */
  readonly input?: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/** How the process ended. */
export interface PythonOutcome {
  /** `null` when a signal ended the process. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The last part of standard error. */
  readonly stderrTail: string;
  readonly timedOut: boolean;
}

const MAX_STDERR_CHARACTERS = 4000;
const MAX_STDOUT_BYTES = 64 * 1024 * 1024;

/**
 * Runs Python.
 *
 * @param command - What to run.
 * @returns How the process ended. Rejects only when the process cannot be started.
 */
export function runPython({
  python,
  args,
  environment,
  directory,
  input,
  timeout,
}: PythonCommand): Promise<PythonOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, args, {
      stdio: 'pipe',
      ...(environment && { env: environment }),
      ...(directory !== undefined && { cwd: directory }),
    });
    const stdout: Buffer[] = [];
    let stdoutLength = 0;
    let stderrTail = '';
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeout);
    child.stdout.on('data', (chunk: Buffer) => {
      stdoutLength += chunk.length;
      // The output of a script is not needed, and must not fill the memory.
      if (stdoutLength <= MAX_STDOUT_BYTES) stdout.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderrTail = (stderrTail + chunk.toString('utf8')).slice(-MAX_STDERR_CHARACTERS);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, stdout: Buffer.concat(stdout).toString('utf8'), stderrTail, timedOut });
    });
    // A process that ends without reading its input closes the pipe. Its exit code says why it ended.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}
