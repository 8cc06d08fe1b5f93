/** Runs one Python process to its end, or to its time limit. Starts and ends only that process. */
import { spawn } from 'node:child_process';

/** What to run. */
export interface PythonCommand {
  readonly python: string;
  readonly args: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  /** Text for standard input. */
  readonly input?: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/** How it went. */
export interface PythonOutcome {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The last part of standard error. */
  readonly stderrTail: string;
  readonly timedOut: boolean;
}

const STDERR_TAIL = 4000;
const STDOUT_LIMIT = 64 * 1024 * 1024;

/** Never rejects for what the process does; rejects when it cannot be started. */
export function runPython({ python, args, environment, input, timeout }: PythonCommand): Promise<PythonOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, args, { stdio: 'pipe', ...(environment && { env: environment }) });
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
      // A chatty script must not fill the memory; its output is not needed.
      if (stdoutLength <= STDOUT_LIMIT) stdout.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderrTail = (stderrTail + chunk.toString('utf8')).slice(-STDERR_TAIL);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, stdout: Buffer.concat(stdout).toString('utf8'), stderrTail, timedOut });
    });
    // A process that ends without reading closes the pipe under us; its exit code tells.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}
