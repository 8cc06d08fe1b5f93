/** Starts the program `train-with-backups.js` as a user would. Needs dist/. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The program. */
export const PROGRAM = join(import.meta.dirname, 'train-with-backups.js');

const VIRTUAL_ENVIRONMENT = join(import.meta.dirname, '../../../../.venv');

/** How one start of the program ended. */
export interface TrainingRun {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The hash of the final weights, and the logs of the last epoch; undefined when it did not finish. */
  readonly result: string | undefined;
  /** How many steps this start took. */
  readonly steps: number;
  readonly output: string;
}

/** Makes a folder for the backups of one run. */
export function runFolder(): string {
  return mkdtempSync(join(tmpdir(), 'mirrorscope-backup-'));
}

/** Runs a program in a folder to its end. `whileRunning` may send it signals. */
export async function runProgram(
  folder: string,
  [command, ...words]: readonly [string, ...string[]],
  { engine, whileRunning }: { engine?: string; whileRunning?: (child: ChildProcess, output: () => string) => unknown },
): Promise<TrainingRun> {
  const child = spawn(command, words, {
    cwd: folder,
    env: {
      ...process.env,
      TF_CPP_MIN_LOG_LEVEL: '3',
      NODE_OPTIONS: '',
      // The working directory is not that of the project.
      ...(existsSync(VIRTUAL_ENVIRONMENT) && { VIRTUAL_ENV: VIRTUAL_ENVIRONMENT }),
      ...(engine && { MIRRORSCOPE_ENGINE: engine }),
    },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  await whileRunning?.(child, () => output);
  const [code, signal] = await closed;
  const [, result] = /RESULT (.*)/.exec(output) ?? [];
  return { code, signal, result, steps: output.match(/^step \d+$/gm)?.length ?? 0, output };
}

/** Waits until a program has printed a text. */
export async function printed(child: ChildProcess, output: () => string, text: string): Promise<void> {
  while (!output().includes(text)) {
    if (child.exitCode !== null) throw new Error(`ended without printing ${text}:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
