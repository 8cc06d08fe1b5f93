/**
 * Runs a training script with the old and the new texts, and compares the losses. Works in temporary copies of the
 * project; only reads the project itself.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { compareLosses, type LossDifference } from './compare-losses.js';
import { copyProject } from './isolated-copy.js';
import { runScripts, type ScriptRun, type ScriptSide } from './run-scripts.js';

/** What to run and how strictly to compare. */
export interface VerifyRunOptions {
  /** Absolute path of the working directory of the script. It is copied. */
  readonly root: string;
  /** Relative to the root. */
  readonly script: string;
  readonly arguments?: readonly string[];
  /** The old texts of the changed files, by path relative to the root. */
  readonly before: ReadonlyMap<string, string>;
  /** The new texts of the same files. */
  readonly after: ReadonlyMap<string, string>;
  /** The interpreter, as `findPython` returns it. */
  readonly python: string;
  /** How many training steps to compare. Default: 20. */
  readonly steps?: number | undefined;
  /** The largest difference that counts as equal, relative to the larger of 1 and the old value. Default: 1e-4. */
  readonly tolerance?: number | undefined;
  /** How many GPUs the script sees. Default: 2, or as many as the old script needs. */
  readonly devices?: number | undefined;
  /** Milliseconds for each of the two runs. Default: 10 minutes. */
  readonly timeout?: number | undefined;
}

/** Whether the runs confirm the migration; if not, why. */
export type VerifyRunOutcome = 'same' | 'different' | 'before-failed' | 'after-failed' | 'nothing-trained';

/** The result of both runs. */
export interface VerifyRunResult {
  /** True only for `same`: every other outcome leaves the migration unproved. */
  readonly ok: boolean;
  readonly outcome: VerifyRunOutcome;
  /** The outcome as one sentence. */
  readonly message: string;
  /** The first step that differs, for `different`. */
  readonly difference?: LossDifference;
  /** How many steps were compared. */
  readonly steps: number;
  /** The largest relative difference among the steps that agree. */
  readonly largestDifference: number;
  /** How many GPUs the script saw. */
  readonly devices: number;
  /** The end of Python's traceback when a run failed; otherwise empty. */
  readonly stderrTail: string;
  /** The files that at least one of the runs loaded, relative to the root. */
  readonly loadedFiles: readonly string[];
}

const DEFAULT_DEVICES = 2;
const DEFAULT_STEPS = 20;
/** Rounding in TensorFlow changes the sixth digit; a wrong batch size changes the second. */
const DEFAULT_TOLERANCE = 1e-4;
const DEFAULT_TIMEOUT_MILLISECONDS = 600_000;
const MAX_DEVICES = 64;
const MAX_TRACEBACK_CHARACTERS = 2000;

/**
 * Runs the old and the new script, and compares their losses.
 *
 * @param options - What to run, and how strictly to compare.
 * @returns The result. A script that fails does not reject.
 */
export async function verifyRun(options: VerifyRunOptions): Promise<VerifyRunResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mirrorscope-verify-'));
  try {
    let devices = options.devices ?? DEFAULT_DEVICES;
    let before = await runSide(options, 'before', folder, devices);
    const needed = before.devicesNeeded;
    if (options.devices === undefined && needed !== null && needed <= MAX_DEVICES) {
      devices = needed;
      before = await runSide(options, 'before', folder, devices);
    }
    // When the old script fails, the new one proves nothing and need not run.
    const after = hasRun(before) ? await runSide(options, 'after', folder, devices) : undefined;
    return {
      ...compareRuns(before, after, options.tolerance ?? DEFAULT_TOLERANCE),
      devices,
      loadedFiles: loadedBy(options, before, after),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runSide(
  options: VerifyRunOptions,
  side: ScriptSide,
  folder: string,
  devices: number,
): Promise<ScriptRun> {
  const root = path.join(folder, side);
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
  copyProject({ root: options.root, texts: options[side] }, root);
  const script = { path: path.join(root, options.script), root, arguments: options.arguments ?? [] };
  const { python, steps = DEFAULT_STEPS, timeout = DEFAULT_TIMEOUT_MILLISECONDS } = options;
  const [run] = await runScripts({ python, side, scripts: [script], devices, steps, timeout });
  if (run === undefined) throw new MirrorscopeError(ErrorCode.Internal, `The script ${options.script} has no result.`);
  return run;
}

function hasRun(run: ScriptRun): boolean {
  return run.outcome === 'finished' || run.outcome === 'stopped';
}

type RunComparison = Omit<VerifyRunResult, 'devices' | 'loadedFiles'>;

/**
 * Compares two runs of a script.
 *
 * @param before - The run with the old texts.
 * @param after - The run with the new texts; missing when `before` failed.
 * @param tolerance - The largest relative difference that counts as equal.
 * @returns The outcome.
 */
export function compareRuns(before: ScriptRun, after: ScriptRun | undefined, tolerance: number): RunComparison {
  if (after === undefined || !hasRun(before)) return failure('before-failed', 'The old script fails', before);
  if (!hasRun(after)) return failure('after-failed', 'The new script fails', after);
  const { difference, steps, largest } = compareLosses(before.records, after.records, tolerance);
  const counts = { steps, largestDifference: largest, stderrTail: '' };
  if (difference !== undefined)
    return { ok: false, outcome: 'different', message: difference.message, difference, ...counts };
  if (steps === 0) {
    const message = 'Nothing was compared, because neither script trained a step with fit or train_on_batch.';
    return { ok: false, outcome: 'nothing-trained', message, ...counts };
  }
  const message = `${steps} training steps agree within ${tolerance}; the largest difference is ${largest.toExponential(1)}.`;
  return { ok: true, outcome: 'same', message, ...counts };
}

function failure(outcome: VerifyRunOutcome, subject: string, { error }: ScriptRun): RunComparison {
  const message = `${subject}: ${error?.type ?? 'Error'}: ${(error?.message ?? '').split('\n', 1).join('')}`;
  const stderrTail = (error?.traceback ?? '').slice(-MAX_TRACEBACK_CHARACTERS);
  return { ok: false, outcome, message, steps: 0, largestDifference: 0, stderrTail };
}

function loadedBy(options: VerifyRunOptions, ...runs: readonly (ScriptRun | undefined)[]): string[] {
  // After a crash, it is unknown which files were loaded. Each of the changed files can be the cause.
  const loaded = runs.flatMap((run) =>
    run?.outcome === 'crashed' ? [...options.before.keys()] : (run?.loadedFiles ?? []),
  );
  return [...new Set(loaded)].sort();
}
