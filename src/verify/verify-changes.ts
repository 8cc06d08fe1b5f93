/**
 * Decides which changed files can be written: compiles them and, on request, runs a script with the old and the new
 * code. Works on texts and temporary copies; writes none of the user's files.
 */
import type { FileError } from '../codemods/result.js';

import { existsSync } from 'node:fs';
import path from 'node:path';

import { ErrorCode } from '../errors/error-code.js';
import { ERROR_HINTS } from '../errors/error-hints-table.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { findPython } from './python-interpreter.js';
import { compileOutputs } from './verify-compile.js';
import { verifyRun, type VerifyRunResult } from './verify-run.js';

/** One file that is about to be written. */
export interface ChangedText {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly original: string;
  readonly output: string;
}

/** How to verify. */
export interface VerifyOptions {
  readonly mode: 'compile' | 'run';
  /** Absolute path of the folder that the paths are relative to. */
  readonly root: string;
  /** The script for `run`, relative to the root. */
  readonly script?: string | undefined;
  readonly steps?: number | undefined;
  readonly tolerance?: number | undefined;
  readonly devices?: number | undefined;
  /** Milliseconds for each of the two runs. */
  readonly timeout?: number | undefined;
  /** The interpreter; when left out, mirrorscope looks for one. */
  readonly python?: string | undefined;
  readonly environment?: NodeJS.ProcessEnv | undefined;
}

/** What was verified. Paths are those of the changed files. */
export interface Verification {
  /** Files that must keep their old text, and why. */
  readonly rejected: ReadonlyMap<string, FileError>;
  /** Python files that compiled. */
  readonly compiled: readonly string[];
  /** Files that this Python compiles neither before nor after, for example Python 2. */
  readonly notPython3: readonly string[];
  /** The training run, if there was one. */
  readonly run?: VerifyRunResult;
  /** The changed files that the run loaded. */
  readonly reached: readonly string[];
}

/**
 * Verifies the Python files among the changes. Other files pass.
 *
 * @param changes - The changed files.
 * @param options - How to verify.
 * @returns What was verified, and which files must keep their old text.
 * @throws {MirrorscopeError} `USAGE` when the script is missing; `PYTHON_UNAVAILABLE` without Python, or without
 *   TensorFlow for a run.
 */
export async function verifyChanges(changes: readonly ChangedText[], options: VerifyOptions): Promise<Verification> {
  const script = options.mode === 'run' ? requireScript(options) : undefined;
  const python = changes.filter(({ path: name }) => /\.(?:py|ipynb)$/i.test(name));
  if (python.length === 0) return { rejected: new Map(), compiled: [], notPython3: [], reached: [] };
  const interpreter = findPython({
    python: options.python,
    root: options.root,
    environment: options.environment ?? process.env,
    withPackage: script === undefined ? undefined : 'tensorflow',
  });
  const { rejected, notPython3 } = await compileChanges(python, interpreter);
  const compiled = python
    .map(({ path: name }) => name)
    .filter((name) => !rejected.has(name) && !notPython3.includes(name));
  if (script === undefined) return { rejected, compiled, notPython3, reached: [] };

  const kept = python.filter(({ path: name }) => !rejected.has(name));
  const run = await verifyRun({
    root: options.root,
    script,
    before: new Map(kept.map(({ path: name, original }) => [name, original])),
    after: new Map(kept.map(({ path: name, output }) => [name, output])),
    python: interpreter,
    steps: options.steps,
    tolerance: options.tolerance,
    devices: options.devices,
    timeout: options.timeout,
  });
  const reached = kept.map(({ path: name }) => name).filter((name) => run.loadedFiles.includes(name));
  if (!run.ok) for (const name of reached) rejected.set(name, rejection(`${run.message} The old text was kept.`));
  return { rejected, compiled, notPython3, run, reached };
}

function requireScript({ script, root }: VerifyOptions): string {
  if (script === undefined) {
    throw new MirrorscopeError(ErrorCode.Usage, '--verify=run needs --verify-script, the script that trains.', {
      hint: 'Name the script that trains: --verify=run --verify-script train.py',
    });
  }
  const relative = path.relative(root, path.resolve(root, script));
  if (relative.startsWith('..') || path.isAbsolute(relative) || !existsSync(path.join(root, relative))) {
    throw new MirrorscopeError(ErrorCode.Usage, `There is no script ${script} in ${root}.`, {
      hint: 'The path of --verify-script is relative to the folder in which mirrorscope runs.',
    });
  }
  return relative;
}

async function compileChanges(files: readonly ChangedText[], python: string) {
  const failures = await compileOutputs(files, python);
  const notPython3 = failures.filter(({ alsoBefore }) => alsoBefore).map(({ path: name }) => name);
  const rejected = new Map<string, FileError>();
  for (const { path: name, message, line, alsoBefore } of failures) {
    const where = line === undefined ? '' : ` in line ${line}`;
    if (!alsoBefore)
      rejected.set(
        name,
        rejection(`The new text of ${name} does not compile${where}: ${message}. The old text was kept.`),
      );
  }
  return { rejected, notPython3 };
}

function rejection(message: string): FileError {
  return { code: ErrorCode.VerificationFailed, message, hint: ERROR_HINTS.get(ErrorCode.VerificationFailed) ?? '' };
}
