/**
 * Searches for TensorFlow's library where users have one, and records every place that was searched. Reads files and
 * environment variables. Runs `python3` to ask where its packages are, without importing TensorFlow.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

import { libraryAtPath, type LibraryFiles, libraryInDirectory, libraryInSitePackages } from './library-files.js';
import { untrustedOwner } from './library-owner.js';
import { loadedLibrary } from './loaded-library.js';
import { packageDirectoriesUpward, sitePackagesOf } from './python-environments.js';

/** One place that was searched. */
export interface LocateAttempt {
  /** Why the place was searched: `MIRRORSCOPE_LIBTENSORFLOW`, `@tensorflow/tfjs-node`, … */
  readonly source: string;
  /** The path or the command; empty if there is none. */
  readonly place: string;
  /** `refused`: there is a library, but another user could have put it there. */
  readonly outcome: 'found' | 'missing' | 'refused' | 'not set';
  readonly detail: string;
}

/** The library that {@link locateTensorFlow} found, and the places that it searched. */
export interface LocateResult {
  readonly files: LibraryFiles | undefined;
  readonly attempts: readonly LocateAttempt[];
}

/** The options of {@link locateTensorFlow}. */
export interface LocateOptions {
  /** Environment variables; by default those of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The search for package.json files starts here and goes up; by default the working directory. */
  readonly workingDirectory?: string;
  /** Whether `python3` may be run; by default it may. */
  readonly askPython?: boolean;
  /** Finds a library that the process has already loaded. */
  readonly loaded?: () => LibraryFiles | undefined;
  /** Says why a library that was found upward must not be loaded. */
  readonly untrusted?: (files: LibraryFiles) => string | undefined;
}

interface Candidate {
  readonly source: string;
  readonly place: string;
  readonly find: () => LibraryFiles | undefined;
  readonly missing: string;
  /** Whether the place was found upward from the working directory, so that the user did not choose it. */
  readonly isUpward?: boolean;
}

const PYTHON_QUESTION = [
  'import importlib.util, os',
  "spec = importlib.util.find_spec('tensorflow')",
  "print(os.path.dirname(list(spec.submodule_search_locations)[0]) if spec and spec.submodule_search_locations else '')",
].join('\n');

function libraryInEnvironment(environment: string): LibraryFiles | undefined {
  for (const directory of sitePackagesOf(environment)) {
    const found = libraryInSitePackages(directory);
    if (found) return found;
  }
  return undefined;
}

function libraryOfNodePackage(name: string, from: string): LibraryFiles | undefined {
  try {
    const require = createRequire(join(resolve(from), 'noop.js'));
    const directory = dirname(require.resolve(`${name}/package.json`));
    return libraryInDirectory(join(directory, 'deps', 'lib')) ?? libraryInDirectory(join(directory, 'lib', 'napi-v8'));
  } catch {
    return undefined;
  }
}

function libraryOfPython(environment: Readonly<Record<string, string | undefined>>): LibraryFiles | undefined {
  try {
    const answer = execFileSync('python3', ['-I', '-c', PYTHON_QUESTION], {
      encoding: 'utf8',
      timeout: 20_000,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...environment },
    }).trim();
    return answer === '' ? undefined : libraryInSitePackages(answer);
  } catch {
    return undefined;
  }
}

const SYSTEM_DIRECTORIES = [
  '/usr/local/lib',
  '/usr/lib',
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/opt/homebrew/lib',
];

function candidates(options: Required<LocateOptions>): Candidate[] {
  const { environment, workingDirectory } = options;
  const list: Candidate[] = [];
  const loaded = options.loaded();
  if (loaded) list.push({ source: 'this process', place: loaded.origin, find: () => loaded, missing: '' });
  const explicit = environment['MIRRORSCOPE_LIBTENSORFLOW'];
  list.push({
    source: 'MIRRORSCOPE_LIBTENSORFLOW',
    place: explicit ?? '',
    find: () => (explicit ? libraryAtPath(explicit) : undefined),
    missing: explicit ? 'there is no such file, or the directory has no library' : '',
  });
  for (const name of ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']) {
    list.push({
      source: name,
      place: workingDirectory,
      find: () => libraryOfNodePackage(name, workingDirectory),
      missing: 'the package is not installed, or its library (deps/lib) is missing',
      isUpward: true,
    });
  }
  const active = environment['VIRTUAL_ENV'];
  list.push({
    source: 'VIRTUAL_ENV',
    place: active ?? '',
    find: () => (active ? libraryInEnvironment(active) : undefined),
    missing: active ? 'this virtual environment has no TensorFlow' : '',
  });
  for (const directory of packageDirectoriesUpward(workingDirectory)) {
    const place = join(directory, '.venv');
    list.push({
      source: '.venv',
      place,
      find: () => libraryInEnvironment(place),
      missing: existsSync(place) ? 'this virtual environment has no TensorFlow' : 'there is no such directory',
      isUpward: true,
    });
  }
  if (options.askPython) {
    list.push({
      source: 'python3',
      place: 'site-packages of python3',
      find: () => libraryOfPython(environment),
      missing: 'there is no python3 on the PATH, or it has no TensorFlow',
    });
  }
  const loaderPaths = (environment['LD_LIBRARY_PATH'] ?? environment['DYLD_LIBRARY_PATH'] ?? '')
    .split(':')
    .filter(Boolean);
  for (const directory of [...loaderPaths, ...SYSTEM_DIRECTORIES]) {
    list.push({
      source: 'system loader',
      place: directory,
      find: () => libraryInDirectory(directory),
      missing: 'there is no libtensorflow',
    });
  }
  return list;
}

/** Searches one place. A place that cannot be read counts as one without a library. */
function look(candidate: Candidate): { files?: LibraryFiles | undefined; problem?: string } {
  try {
    return { files: candidate.find() };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Searches the places in order and stops at the first library. When MIRRORSCOPE_LIBTENSORFLOW is set but wrong, the
 * search also stops: the user asked for that library and no other.
 *
 * @param options - Where to search.
 * @returns The library, if there is one, and the places that were searched.
 */
export function locateTensorFlow(options: LocateOptions = {}): LocateResult {
  const full: Required<LocateOptions> = {
    environment: options.environment ?? process.env,
    workingDirectory: options.workingDirectory ?? process.cwd(),
    askPython: options.askPython ?? true,
    loaded: options.loaded ?? loadedLibrary,
    untrusted: options.untrusted ?? untrustedOwner,
  };
  const attempts: LocateAttempt[] = [];
  for (const candidate of candidates(full)) {
    if (candidate.place === '') {
      attempts.push({ source: candidate.source, place: '', outcome: 'not set', detail: 'not set' });
      continue;
    }
    const { files, problem } = look(candidate);
    const refusal = files && candidate.isUpward === true ? full.untrusted(files) : undefined;
    if (files && refusal !== undefined) {
      const detail = `refused, because ${refusal}. Set MIRRORSCOPE_LIBTENSORFLOW or VIRTUAL_ENV if you trust it`;
      attempts.push({ source: candidate.source, place: files.origin, outcome: 'refused', detail });
      continue;
    }
    if (files) {
      attempts.push({
        source: candidate.source,
        place: files.origin,
        outcome: 'found',
        detail: files.version ?? 'its version is known once it is loaded',
      });
      return { files, attempts };
    }
    attempts.push({
      source: candidate.source,
      place: candidate.place,
      outcome: 'missing',
      detail: problem ?? candidate.missing,
    });
    if (candidate.source === 'MIRRORSCOPE_LIBTENSORFLOW') break;
  }
  return { files: undefined, attempts };
}
