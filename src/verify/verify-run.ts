/**
 * Runs a training script with the old and with the new texts and compares the losses. Works in
 * temporary copies of the project; the project itself is only read.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { compareLosses, type LossDifference } from './compare-losses.js';
import { copyProject } from './isolated-copy.js';
import { runScripts, type ScriptRun, type ScriptSide } from './run-scripts.js';

/** What to run and how strictly to compare. */
export interface VerifyRunOptions {
  /** Folder that the script is started in; it is copied. */
  readonly root: string;
  /** Relative to the root. */
  readonly script: string;
  readonly arguments?: readonly string[];
  /** Old texts of the changed files, keyed by path relative to the root. */
  readonly before: ReadonlyMap<string, string>;
  /** New texts of the same files. */
  readonly after: ReadonlyMap<string, string>;
  /** The interpreter, as found by `findPython`. */
  readonly python: string;
  /** Training steps to compare; 20 when left out. */
  readonly steps?: number | undefined;
  /** Largest difference relative to the larger of 1 and the old value; 1e-4 when left out. */
  readonly tolerance?: number | undefined;
  /** GPUs that the script sees. When left out, 2, or as many as the old script asks for. */
  readonly devices?: number | undefined;
  /** Milliseconds for each side; 10 minutes when left out. */
  readonly timeout?: number | undefined;
}

/** Why a run did or did not confirm a migration. */
export type VerifyRunOutcome = 'same' | 'different' | 'before-failed' | 'after-failed' | 'nothing-trained';

/** What a run found. */
export interface VerifyRunResult {
  /** True for `same` only: everything else leaves the migration unproved. */
  readonly ok: boolean;
  readonly outcome: VerifyRunOutcome;
  /** One sentence. */
  readonly message: string;
  /** The first step that differs, for `different`. */
  readonly difference?: LossDifference;
  /** Steps that were compared. */
  readonly steps: number;
  /** The largest relative difference among the steps that agree. */
  readonly largestDifference: number;
  /** GPUs that the script saw. */
  readonly devices: number;
  /** The end of Python's traceback, for a side that failed; else empty. */
  readonly stderrTail: string;
  /** Files that either side loaded, relative to the root. */
  readonly loadedFiles: readonly string[];
}

const DEFAULT_DEVICES = 2;
const DEFAULT_STEPS = 20;
/** TensorFlow's own sums differ in the sixth digit; a wrong batch size differs in the second. */
const DEFAULT_TOLERANCE = 1e-4;
const DEFAULT_TIMEOUT = 600_000;
const MOST_DEVICES = 64;
const TRACEBACK_TAIL = 2000;

/** Runs both sides and compares. Never rejects for what the scripts do. */
export async function verifyRun(options: VerifyRunOptions): Promise<VerifyRunResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mirrorscope-verify-'));
  try {
    let devices = options.devices ?? DEFAULT_DEVICES;
    let before = await runSide(options, 'before', folder, devices);
    const needed = before.devicesNeeded;
    if (options.devices === undefined && needed !== null && needed <= MOST_DEVICES) {
      devices = needed;
      before = await runSide(options, 'before', folder, devices);
    }
    // A script that already fails says nothing about its migration; the other run is saved.
    const after = hasRun(before) ? await runSide(options, 'after', folder, devices) : undefined;
    return {
      ...judge(before, after, options.tolerance ?? DEFAULT_TOLERANCE),
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
  const { python, steps = DEFAULT_STEPS, timeout = DEFAULT_TIMEOUT } = options;
  const [run] = await runScripts({ python, side, scripts: [script], devices, steps, timeout });
  return run!;
}

function hasRun(run: ScriptRun): boolean {
  return run.outcome === 'finished' || run.outcome === 'stopped';
}

type Verdict = Omit<VerifyRunResult, 'devices' | 'loadedFiles'>;

/** What two runs of a script say together. `after` is absent when `before` failed. */
export function judge(before: ScriptRun, after: ScriptRun | undefined, tolerance: number): Verdict {
  if (after === undefined || !hasRun(before)) return failure('before-failed', 'The old script fails', before);
  if (!hasRun(after)) return failure('after-failed', 'The new script fails', after);
  const { difference, steps, largest } = compareLosses(before.records, after.records, tolerance);
  const counts = { steps, largestDifference: largest, stderrTail: '' };
  if (difference !== undefined)
    return { ok: false, outcome: 'different', message: difference.message, difference, ...counts };
  if (steps === 0) {
    const message = 'Neither script trained a step through fit or train_on_batch, so nothing was compared.';
    return { ok: false, outcome: 'nothing-trained', message, ...counts };
  }
  const message = `${steps} training steps agree within ${tolerance}; the largest difference is ${largest.toExponential(1)}.`;
  return { ok: true, outcome: 'same', message, ...counts };
}

function failure(outcome: VerifyRunOutcome, subject: string, { error }: ScriptRun): Verdict {
  const message = `${subject}: ${error?.type ?? 'Error'}: ${(error?.message ?? '').split('\n')[0]}`;
  const stderrTail = (error?.traceback ?? '').slice(-TRACEBACK_TAIL);
  return { ok: false, outcome, message, steps: 0, largestDifference: 0, stderrTail };
}

function loadedBy(options: VerifyRunOptions, ...runs: readonly (ScriptRun | undefined)[]): string[] {
  // A crash leaves no word on what was loaded; any of the changed files may be the cause.
  const loaded = runs.flatMap((run) =>
    run?.outcome === 'crashed' ? [...options.before.keys()] : (run?.loadedFiles ?? []),
  );
  return [...new Set(loaded)].sort();
}
