/** Compiles Python texts with the user's Python, in one process for any number of files. Writes nothing. */
import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { COMPILE_SCRIPT } from './python-files.js';
import { runPython } from './python-process.js';

/** One file to compile. */
export interface PythonText {
  /** The name of the file in messages. */
  readonly path: string;
  /** The text, with its byte-order mark if it has one. */
  readonly text: string;
  /** The text before the change. Compiled only if the new one fails. */
  readonly before?: string;
}

/** A text that does not compile. */
export interface CompileFailure {
  readonly path: string;
  /** The message from Python, such as `SyntaxError: invalid syntax`. */
  readonly message: string;
  /** 1-based; missing when Python names no line. */
  readonly line?: number;
  /** Whether the text before the change fails as well, for example because it is Python 2. */
  readonly alsoBefore: boolean;
}

/** One changed file. */
interface ChangedText {
  readonly path: string;
  readonly original: string;
  readonly output: string;
}

/** Compiles the new texts of changed files, like {@link verifyCompile}. */
export function compileOutputs(changes: readonly ChangedText[], python: string): Promise<CompileFailure[]> {
  return verifyCompile(
    changes.map(({ path, original, output }) => ({ path, text: output, before: original })),
    python,
  );
}

const TIMEOUT_MILLISECONDS = 120_000;

/**
 * Compiles texts.
 *
 * @param files - The texts.
 * @param python - The interpreter, as `findPython` returns it.
 * @returns The texts that do not compile, in their order.
 * @throws {MirrorscopeError} `PYTHON_UNAVAILABLE` when the interpreter itself fails.
 */
export async function verifyCompile(files: readonly PythonText[], python: string): Promise<CompileFailure[]> {
  if (files.length === 0) return [];
  // With -I, nothing in the user's folder or environment can replace the standard library.
  const outcome = await runPython({
    python,
    args: ['-I', COMPILE_SCRIPT],
    input: JSON.stringify(files),
    timeout: TIMEOUT_MILLISECONDS,
  });
  if (outcome.exitCode !== 0) {
    throw new MirrorscopeError(
      ErrorCode.PythonUnavailable,
      `${python} failed to compile the files: ${outcome.stderrTail.trim()}`,
    );
  }
  const failures = JSON.parse(outcome.stdout) as (Omit<CompileFailure, 'line'> & {
    line: number | null;
  })[];
  return failures.map(({ line, ...failure }) => ({ ...failure, ...(line !== null && { line }) }));
}
