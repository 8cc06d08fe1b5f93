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
}

/**
 * The interpreter to use: the named one, `MIRRORSCOPE_PYTHON`, an active or local virtual environment, the system's.
 * @throws MirrorscopeError `PYTHON_UNAVAILABLE` when none of them is a Python 3.
 */
export function findPython({ python, root, environment }: PythonSearch): string {
  const named = python ?? environment['MIRRORSCOPE_PYTHON'];
  const candidates = named ? [named] : defaultCandidates(root, environment);
  const found = candidates.find((candidate) => isPython3(candidate));
  if (found !== undefined) return found;
  throw new MirrorscopeError(ErrorCode.PythonUnavailable, `No Python 3 answers at ${candidates.join(', ')}.`);
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

function isPython3(candidate: string): boolean {
  const answer = spawnSync(candidate, ['-c', 'import sys; print(sys.version_info[0])'], { encoding: 'utf8', timeout: 30_000 });
  return answer.status === 0 && answer.stdout.trim() === '3';
}
