/**
 * Runs training scripts one after another in one Python process, which imports TensorFlow once. Writes a job file and
 * reads a result file in a temporary folder.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { SHIM_FOLDER } from './python-files.js';
import { runPython } from './python-process.js';

/** Which version of the code a script contains. Only `before` gets the removed APIs back. */
export type ScriptSide = 'before' | 'after';

/** One script to run. */
export interface Script {
  /** Absolute path. */
  readonly path: string;
  /** Absolute path of the working directory. */
  readonly root: string;
  readonly arguments?: readonly string[];
}

/** What one training step reported. Numbers that are not finite are strings. */
export interface StepRecord {
  /** The number of the model, in the order in which models first train; from 0. */
  readonly model: number;
  readonly call: 'fit' | 'train_on_batch';
  readonly losses: Readonly<Record<string, number | string>>;
}

/** How one script ran. */
export interface ScriptRun {
  readonly path: string;
  /** `stopped`: after enough steps. `crashed`: Python itself ended, or ran out of time. */
  readonly outcome: 'finished' | 'stopped' | 'failed' | 'crashed';
  readonly records: readonly StepRecord[];
  readonly error: { readonly type: string; readonly message: string; readonly traceback: string } | null;
  /** Set when the script needs more devices than it has. */
  readonly devicesNeeded: number | null;
  /** The files below `root` that the script loaded, including itself; relative, with forward slashes. */
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
  /** A script is stopped after this many training steps. */
  readonly steps: number;
  readonly seed?: number;
  /** Milliseconds for all scripts together. */
  readonly timeout: number;
  /** Environment variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

const DEFAULT_SEED = 20_171;

/**
 * Runs scripts.
 *
 * @param run - The scripts, and how to run them.
 * @returns One result for each script, in order. A script that fails does not reject.
 */
export async function runScripts(run: ScriptsToRun): Promise<ScriptRun[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mirrorscope-run-'));
  const job = path.join(folder, 'job.json');
  const results = path.join(folder, 'results.json');
  try {
    writeFileSync(job, JSON.stringify(jobOf(run, results)));
    const outcome = await runPython({
      python: run.python,
      args: [SHIM_FOLDER, job],
      environment: {
        ...process.env,
        PYTHONDONTWRITEBYTECODE: '1',
        PYTHONHASHSEED: '0',
        PYTHONUNBUFFERED: '1',
        ...run.environment,
      },
      timeout: run.timeout,
    });
    const finished = existsSync(results) ? (JSON.parse(readFileSync(results, 'utf8')) as ScriptRun[]) : [];
    const why = outcome.timedOut
      ? `The script did not end within ${Math.round(run.timeout / 1000)} s.`
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
