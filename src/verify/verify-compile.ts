/** Compiles Python texts with the user's Python: one process for any number of files. Writes nothing. */
import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { COMPILE_SCRIPT } from './python-files.js';
import { runPython } from './python-process.js';

/** One file to compile. */
export interface PythonText {
  /** Its name in messages. */
  readonly path: string;
  /** With its byte-order mark, if it has one. */
  readonly text: string;
}

/** A text that this Python does not accept. */
export interface CompileFailure {
  readonly path: string;
  /** Python's own words, e.g. `SyntaxError: invalid syntax`. */
  readonly message: string;
  /** 1-based; absent where Python names none. */
  readonly line?: number;
}

const TIMEOUT = 120_000;

/**
 * The texts that do not compile, in the order in which they came.
 * @param files any number; all are compiled by one process
 * @param python the interpreter, as found by `findPython`
 * @throws MirrorscopeError `PYTHON_UNAVAILABLE` when the interpreter itself fails.
 */
export async function verifyCompile(files: readonly PythonText[], python: string): Promise<CompileFailure[]> {
  if (files.length === 0) return [];
  // -I: neither the user's folder nor their environment may stand in for the standard library.
  const outcome = await runPython({
    python,
    args: ['-I', COMPILE_SCRIPT],
    input: JSON.stringify(files),
    timeout: TIMEOUT,
  });
  if (outcome.exitCode !== 0) {
    throw new MirrorscopeError(
      ErrorCode.PythonUnavailable,
      `${python} failed while it compiled: ${outcome.stderrTail.trim()}`,
    );
  }
  const failures = JSON.parse(outcome.stdout) as { path: string; message: string; line: number | null }[];
  return failures.map(({ path, message, line }) => ({ path, message, ...(line !== null && { line }) }));
}
