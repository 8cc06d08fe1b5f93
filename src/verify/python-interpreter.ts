/**
 * Finds the Python that compiles and runs the user's scripts, outside of the repository that is migrated: a repository
 * can bring a program with any name. `findPython` runs each candidate once to see that it works.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';
import { isInside } from '../files/inside.js';
import { repositoryRoot } from '../files/repository.js';

/** Where to look for Python. */
export interface PythonSearch {
  /** An interpreter that the user named; nothing else is tried. */
  readonly python?: string | undefined;
  /** The folder of the run. Programs inside its repository do not count, unless they are named. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  /** A package that the interpreter must have. mirrorscope only looks it up and does not import it. */
  readonly withPackage?: string | undefined;
}

/**
 * Finds an interpreter: the named one, `MIRRORSCOPE_PYTHON`, the active virtual environment, or the first ones on the
 * `PATH`, in this order. When a package is needed, the first one that has it.
 *
 * @param search - Where to look, and for what.
 * @returns The path or the command of the interpreter.
 * @throws {MirrorscopeError} `PYTHON_UNAVAILABLE` when there is no Python 3, or none with the package.
 */
export function findPython({ python, root, environment, withPackage }: PythonSearch): string {
  const candidates = pythonCandidates({ python, root, environment });
  const interpreters = candidates.filter((candidate) =>
    runs(candidate, 'import sys; sys.exit(sys.version_info[0] != 3)'),
  );
  if (interpreters.length === 0) {
    throw new MirrorscopeError(
      ErrorCode.PythonUnavailable,
      candidates.length === 0
        ? 'There is no python3 on the PATH outside of this repository.'
        : `None of these is a Python 3 that works: ${candidates.join(', ')}.`,
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

/**
 * Lists the interpreters that may be used, without running any.
 *
 * @param search - Where to look.
 * @returns Paths or commands, the preferred ones first.
 */
export function pythonCandidates({ python, root, environment }: Omit<PythonSearch, 'withPackage'>): string[] {
  const named = python ?? environment['MIRRORSCOPE_PYTHON'];
  if (named !== undefined && named !== '') return [named];
  const repository = realpathSync(repositoryRoot(root) ?? root);
  // Whoever activates an environment has chosen its Python.
  const active = environment['VIRTUAL_ENV'];
  const own =
    active === undefined || active === '' ? [] : programsIn(path.join(active, IS_WINDOWS ? 'Scripts' : 'bin'));
  const searchPath = environment['PATH'] ?? process.env['PATH'] ?? '';
  const others = searchPath
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
    .flatMap(programsIn)
    .filter((program) => !isInside(program, repository) && !isInside(realpathSync(program), repository));
  return [...new Set([...own, ...others])].slice(0, MAX_CANDIDATES);
}

const IS_WINDOWS = process.platform === 'win32';
const MAX_CANDIDATES = 6;
const NAMES = IS_WINDOWS ? ['python3.exe', 'python.exe'] : ['python3', 'python'];

/** The interpreters in a folder. */
function programsIn(folder: string): string[] {
  return NAMES.map((name) => path.join(folder, name)).filter(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function runs(candidate: string, program: string): boolean {
  return spawnSync(candidate, ['-c', program], { stdio: 'ignore', timeout: 30_000 }).status === 0;
}
