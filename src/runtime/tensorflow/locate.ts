/**
 * Finds TensorFlow's library where users have one, and keeps a record of every place that was tried.
 * May touch: the file system, environment variables, and `python3` (asked where its packages are; TensorFlow
 * is not imported). Loads nothing.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, parse, resolve } from 'node:path';

import { libraryAtPath, type LibraryFiles, libraryInDirectory, libraryInSitePackages } from './library-files.js';
import { loadedLibrary } from './loaded-library.js';

/** One place that was looked at. */
export interface LocateAttempt {
  /** Which rule: `MIRRORSCOPE_LIBTENSORFLOW`, `@tensorflow/tfjs-node`, … */
  readonly source: string;
  /** The path or the command that was tried, where there was one. */
  readonly place: string;
  readonly outcome: 'found' | 'missing' | 'not set';
  readonly detail: string;
}

/** What {@link locateTensorFlow} found, and where it looked. */
export interface LocateResult {
  readonly files: LibraryFiles | undefined;
  readonly attempts: readonly LocateAttempt[];
}

/** Where {@link locateTensorFlow} looks. All have the obvious defaults. */
export interface LocateOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The directory from which package.json files are looked for, upward. */
  readonly workingDirectory?: string;
  /** Whether a Python interpreter may be started. */
  readonly askPython?: boolean;
  /** A library that the process has loaded already. */
  readonly loaded?: () => LibraryFiles | undefined;
}

interface Candidate {
  readonly source: string;
  readonly place: string;
  readonly find: () => LibraryFiles | undefined;
  readonly missing: string;
}

const PYTHON_QUESTION = [
  'import importlib.util, os',
  "spec = importlib.util.find_spec('tensorflow')",
  "print(os.path.dirname(list(spec.submodule_search_locations)[0]) if spec and spec.submodule_search_locations else '')",
].join('\n');

function sitePackagesOf(environment: string): string[] {
  const library = join(environment, 'lib');
  if (!existsSync(library)) return [];
  return readdirSync(library)
    .filter((name) => /^python3\.\d+$/.test(name))
    .map((name) => join(library, name, 'site-packages'));
}

function libraryInEnvironment(environment: string): LibraryFiles | undefined {
  for (const directory of sitePackagesOf(environment)) {
    const found = libraryInSitePackages(directory);
    if (found) return found;
  }
  return undefined;
}

function packageDirectoriesUpward(from: string): string[] {
  const directories: string[] = [];
  for (let directory = resolve(from); ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'package.json'))) directories.push(directory);
    if (directory === parse(directory).root) return directories;
  }
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
      env: { ...environment } as NodeJS.ProcessEnv,
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
    missing: explicit ? 'no such file, or a directory without the library' : '',
  });
  for (const name of ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']) {
    list.push({
      source: name,
      place: workingDirectory,
      find: () => libraryOfNodePackage(name, workingDirectory),
      missing: 'not installed, or installed without its library (deps/lib)',
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
      missing: existsSync(place) ? 'this virtual environment has no TensorFlow' : 'no such directory',
    });
  }
  if (options.askPython) {
    list.push({
      source: 'python3',
      place: 'site-packages of python3',
      find: () => libraryOfPython(environment),
      missing: 'no python3 on the PATH, or it has no TensorFlow',
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
      missing: 'no libtensorflow here',
    });
  }
  return list;
}

/** A place that cannot be read is one more place without a library. */
function look(candidate: Candidate): { files?: LibraryFiles | undefined; problem?: string } {
  try {
    return { files: candidate.find() };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Looks in every place in order and stops at the first library. A variable that is set but wrong ends the search: it was asked for. */
export function locateTensorFlow(options: LocateOptions = {}): LocateResult {
  const full: Required<LocateOptions> = {
    environment: options.environment ?? process.env,
    workingDirectory: options.workingDirectory ?? process.cwd(),
    askPython: options.askPython ?? true,
    loaded: options.loaded ?? loadedLibrary,
  };
  const attempts: LocateAttempt[] = [];
  for (const candidate of candidates(full)) {
    if (candidate.place === '') {
      attempts.push({ source: candidate.source, place: '', outcome: 'not set', detail: 'not set' });
      continue;
    }
    const { files, problem } = look(candidate);
    if (files) {
      attempts.push({
        source: candidate.source,
        place: files.origin,
        outcome: 'found',
        detail: files.version ?? 'version known after loading',
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
