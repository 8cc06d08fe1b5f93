/** Finds the Python that compiles and runs the user's scripts. Runs it once to see that it answers. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

/** Where to look for Python. */
export interface PythonSearch {
  /** An interpreter that the user named; nothing else is tried then. */
  readonly python?: string | undefined;
  /** Folder whose `.venv` comes before the system's Python. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  /** A package that it must have; it is looked for, not imported. */
  readonly withPackage?: string | undefined;
}

/**
 * The interpreter to use: the named one, `MIRRORSCOPE_PYTHON`, an active or local virtual environment, the system's.
 * The first of them that has the package, where one is needed.
 * @throws MirrorscopeError `PYTHON_UNAVAILABLE` when none of them is a Python 3, or none has the package.
 */
export function findPython({ python, root, environment, withPackage }: PythonSearch): string {
  const named = python ?? environment['MIRRORSCOPE_PYTHON'];
  const candidates = named ? [named] : defaultCandidates(root, environment);
  const interpreters = candidates.filter((candidate) =>
    answers(candidate, 'import sys; sys.exit(sys.version_info[0] != 3)'),
  );
  if (interpreters.length === 0) {
    throw new MirrorscopeError(ErrorCode.PythonUnavailable, `No Python 3 answers at ${candidates.join(', ')}.`);
  }
  const [found] =
    withPackage === undefined ? interpreters : interpreters.filter((candidate) => hasPackage(candidate, withPackage));
  if (found !== undefined) return found;
  throw new MirrorscopeError(
    ErrorCode.PythonUnavailable,
    `There is no ${withPackage ?? ''} in ${interpreters.join(', ')}.`,
    {
      hint: 'Set MIRRORSCOPE_PYTHON to the python of an environment that has it.',
    },
  );
}

function hasPackage(python: string, name: string): boolean {
  return answers(
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

function answers(candidate: string, program: string): boolean {
  return spawnSync(candidate, ['-c', program], { stdio: 'ignore', timeout: 30_000 }).status === 0;
}
