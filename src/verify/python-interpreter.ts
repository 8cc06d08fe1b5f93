/** Finds the Python that compiles and runs the user's scripts. Runs each candidate once to see that it works. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

/** Where to look for Python. */
export interface PythonSearch {
  /** An interpreter that the user named; nothing else is tried. */
  readonly python?: string | undefined;
  /** The folder whose `.venv` comes before the system's Python. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  /** A package that the interpreter must have. mirrorscope only looks it up and does not import it. */
  readonly withPackage?: string | undefined;
}

/**
 * Finds an interpreter: the named one, `MIRRORSCOPE_PYTHON`, an active or local virtual environment, or the system's,
 * in this order. When a package is needed, the first one that has it.
 *
 * @param search - Where to look, and for what.
 * @returns The path or the command of the interpreter.
 * @throws {MirrorscopeError} `PYTHON_UNAVAILABLE` when there is no Python 3, or none with the package.
 */
export function findPython({ python, root, environment, withPackage }: PythonSearch): string {
  const named = python ?? environment['MIRRORSCOPE_PYTHON'];
  const candidates = named === undefined || named === '' ? defaultCandidates(root, environment) : [named];
  const interpreters = candidates.filter((candidate) =>
    runs(candidate, 'import sys; sys.exit(sys.version_info[0] != 3)'),
  );
  if (interpreters.length === 0) {
    throw new MirrorscopeError(
      ErrorCode.PythonUnavailable,
      `None of these is a Python 3 that works: ${candidates.join(', ')}.`,
    );
  }
  const [found] =
    withPackage === undefined ? interpreters : interpreters.filter((candidate) => hasPackage(candidate, withPackage));
  if (found !== undefined) return found;
  throw new MirrorscopeError(
    ErrorCode.PythonUnavailable,
    `None of these interpreters has ${withPackage ?? ''}: ${interpreters.join(', ')}.`,
    {
      hint: 'Set MIRRORSCOPE_PYTHON to the Python of an environment that has the package.',
    },
  );
}

function hasPackage(python: string, name: string): boolean {
  return runs(
    python,
    `import importlib.util, sys; sys.exit(importlib.util.find_spec(${JSON.stringify(name)}) is None)`,
  );
}

function defaultCandidates(root: string, environment: NodeJS.ProcessEnv): string[] {
  const folders = [environment['VIRTUAL_ENV'], path.join(root, '.venv'), path.join(root, 'venv')];
  const inFolder = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  const local = folders
    .filter((folder): folder is string => folder !== undefined && folder !== '')
    .map((folder) => path.join(folder, ...inFolder))
    .filter((file) => existsSync(file));
  return [...local, 'python3', 'python'];
}

function runs(candidate: string, program: string): boolean {
  return spawnSync(candidate, ['-c', program], { stdio: 'ignore', timeout: 30_000 }).status === 0;
}
