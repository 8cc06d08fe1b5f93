/**
 * Lets Python decide whether the new texts of Python files are Python, if there is one on this machine. JavaScript and
 * TypeScript need no such check: the parsers that read them are those of the language. Starts one process, and none if
 * no Python file changes.
 */
import type { FileError } from '../codemods/result.js';
import type { ChangedText } from './verify-changes.js';

import { ErrorCode } from '../errors/error-code.js';
import { ERROR_HINTS } from '../errors/error-hints-table.js';

import { pythonCandidates } from './python-interpreter.js';
import { type CompileFailure, compileOutputs } from './verify-compile.js';

/**
 * Finds the changed files whose new text Python rejects although it accepts the old one.
 *
 * @param changes - The changed files of all languages.
 * @param root - Absolute path of the folder of the run.
 * @param environment - Names the interpreter, or where to look for one.
 * @returns Why each of these files keeps its old text.
 */
export async function rejectedByPython(
  changes: readonly ChangedText[],
  root: string,
  environment: NodeJS.ProcessEnv,
): Promise<ReadonlyMap<string, FileError>> {
  const python = changes.filter(({ path: name }) => /\.(?:py|ipynb)$/i.test(name));
  if (python.length === 0) return new Map();
  const rejected = (await failuresOf(python, pythonCandidates({ root, environment }))).filter(
    ({ alsoBefore }) => !alsoBefore,
  );
  return new Map(rejected.map((failure) => [failure.path, asError(failure)]));
}

/** None if no interpreter works: the grammar of mirrorscope has read the texts already. */
async function failuresOf(
  changes: readonly ChangedText[],
  interpreters: readonly string[],
): Promise<readonly CompileFailure[]> {
  for (const interpreter of interpreters) {
    try {
      return await compileOutputs(changes, interpreter);
    } catch {
      // It is no Python 3, or cannot be started.
    }
  }
  return [];
}

function asError({ path: name, message, line }: CompileFailure): FileError {
  const where = line === undefined ? '' : ` in line ${line}`;
  return {
    code: ErrorCode.Internal,
    message: `Python rejects the new text of ${name}${where}: ${message}. The file was left unchanged.`,
    hint: ERROR_HINTS.get(ErrorCode.Internal) ?? '',
  };
}
