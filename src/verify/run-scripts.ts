/**
 * Runs training scripts under the Python shim: one process, TensorFlow imported once, any number of
 * scripts one after another. Writes a job file and reads a result file in a temporary folder.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { SHIM_FOLDER } from './python-files.js';
import { runPython } from './python-process.js';

/** Which side a script is: only the old one gets the old APIs back. */
export type ScriptSide = 'before' | 'after';

/** One script to run. */
export interface Script {
  /** Absolute path. */
  readonly path: string;
  /** Absolute path of the folder that it is started in. */
  readonly root: string;
  readonly arguments?: readonly string[];
}

/** What one training step reported; numbers that are not finite come as text. */
export interface StepRecord {
  /** Models are numbered in the order in which they first trained. */
  readonly model: number;
  readonly call: 'fit' | 'train_on_batch';
  readonly losses: Readonly<Record<string, number | string>>;
}

/** How one script went. */
export interface ScriptRun {
  readonly path: string;
  /** `stopped`: enough steps were seen. `crashed`: Python itself ended, or ran out of time. */
  readonly outcome: 'finished' | 'stopped' | 'failed' | 'crashed';
  readonly records: readonly StepRecord[];
  readonly error: { readonly type: string; readonly message: string; readonly traceback: string } | null;
  /** Set when the script asked for more devices than it was given. */
  readonly devicesNeeded: number | null;
  /** Files of its folder that it loaded, itself included; relative to the folder, forward slashes. */
  readonly loadedFiles: readonly string[];
  readonly seconds: number;
}

/** A run of several scripts. */
export interface ScriptsToRun {
  readonly python: string;
  readonly side: ScriptSide;
  readonly scripts: readonly Script[];
  /** How many GPUs the scripts see. */
  readonly devices: number;
  /** Training steps after which a script is ended. */
  readonly steps: number;
  readonly seed?: number;
  /** Milliseconds for all scripts together. */
  readonly timeout: number;
}

const DEFAULT_SEED = 20_171;

/** One result for each script, in order. Never rejects for what a script does. */
export async function runScripts(run: ScriptsToRun): Promise<ScriptRun[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mirrorscope-run-'));
  const job = path.join(folder, 'job.json');
  const results = path.join(folder, 'results.json');
  try {
    writeFileSync(job, JSON.stringify(jobOf(run, results)));
    const outcome = await runPython({
      python: run.python,
      args: [SHIM_FOLDER, job],
      environment: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONHASHSEED: '0', PYTHONUNBUFFERED: '1' },
      timeout: run.timeout,
    });
    const finished = existsSync(results) ? (JSON.parse(readFileSync(results, 'utf8')) as ScriptRun[]) : [];
    const why = outcome.timedOut
      ? `It did not end within ${Math.round(run.timeout / 1000)} s.`
      : `Python ended with exit code ${outcome.exitCode ?? 'none, by a signal'}.`;
    return run.scripts.map((script, index) => finished[index] ?? crashed(script, why, outcome.stderrTail));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function jobOf(run: ScriptsToRun, results: string): object {
  const { side: mode, scripts, devices, steps, seed = DEFAULT_SEED } = run;
  return { mode, scripts, devices, steps, seed, results };
}

function crashed(script: Script, message: string, traceback: string): ScriptRun {
  return {
    path: script.path,
    outcome: 'crashed',
    records: [],
    error: { type: 'Crash', message, traceback },
    devicesNeeded: null,
    loadedFiles: [],
    seconds: 0,
  };
}
