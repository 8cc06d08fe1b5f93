/** One running worker. Starts and signals processes. */
import { type ChildProcess, spawn } from 'node:child_process';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { LinePrefixer } from './line-prefixer.js';
import { type WorkerExit, workerExit } from './worker-exit.js';

/** The program of a worker. */
export interface WorkerProgram {
  readonly name: string;
  readonly command: string;
  readonly words: readonly string[];
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Where the output of a worker goes. */
export interface WorkerOutput {
  /** Put in front of each line. */
  readonly prefix: string;
  readonly stdout: (lines: Buffer) => void;
  readonly stderr: (lines: Buffer) => void;
}

/** After its end, a worker's output may still be in the pipe. A process that it left behind can hold the pipe open. */
const DRAIN_MS = 2000;

/** A worker leads a process group of its own, so that a signal also reaches the processes that it starts. */
export class WorkerProcess {
  readonly name: string;
  /** How it ended. Rejects with `LAUNCH_FAILED` when it could not be started. */
  readonly exited: Promise<WorkerExit>;
  readonly #child: ChildProcess;
  #hasExited = false;

  /**
   * @param program - What to start.
   * @param output - Where its output goes.
   */
  constructor(program: WorkerProgram, output: WorkerOutput) {
    this.name = program.name;
    this.#child = spawn(program.command, [...program.words], {
      cwd: program.directory,
      env: program.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own. Otherwise a terminal would send Ctrl-C to the worker as well, beside our own signal.
      detached: true,
    });
    const drained = Promise.all([
      pump(this.#child.stdout, output.prefix, output.stdout),
      pump(this.#child.stderr, output.prefix, output.stderr),
    ]);
    this.exited = this.#ended().then(async (exit) => {
      this.#hasExited = true;
      // Whatever the worker started and did not wait for.
      this.#signalGroup('SIGKILL');
      await Promise.race([drained, delay(DRAIN_MS)]);
      this.#child.stdout?.destroy();
      this.#child.stderr?.destroy();
      return exit;
    });
  }

  /**
   * Sends a signal to the worker and the processes that it started. Does nothing once it has ended.
   *
   * @param signal - The signal.
   */
  kill(signal: NodeJS.Signals): void {
    if (!this.#hasExited) this.#signalGroup(signal);
  }

  #ended(): Promise<WorkerExit> {
    return new Promise((resolve, reject) => {
      this.#child.once('exit', (code, signal) => {
        resolve(workerExit(this.name, code, signal));
      });
      this.#child.once('error', (cause) => {
        if (this.#child.pid !== undefined) return;
        reject(
          new MirrorscopeError(ErrorCode.LaunchFailed, `${this.name} could not be started: ${cause.message}.`, {
            cause,
          }),
        );
      });
    });
  }

  #signalGroup(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // The group has no processes any more.
    }
  }
}

async function pump(
  stream: NodeJS.ReadableStream | null,
  prefix: string,
  write: (lines: Buffer) => void,
): Promise<void> {
  if (stream === null) return;
  const prefixer = new LinePrefixer(prefix);
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      const last = prefixer.end();
      if (last.length > 0) write(last);
      resolve();
    };
    stream.on('data', (chunk: Buffer) => {
      const lines = prefixer.push(chunk);
      if (lines.length > 0) write(lines);
    });
    stream.once('close', finish);
  });
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
