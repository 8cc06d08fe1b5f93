/** Finds the files of a TensorFlow library in a directory or a Python wheel. Reads directories. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The files of one TensorFlow library. */
export interface LibraryFiles {
  /** In load order. The last one exports the C API and depends on the others. */
  readonly paths: readonly string[];
  /** The version that its package states; undefined when only loading it tells. */
  readonly version?: string | undefined;
  /** Its location in the user's terms: `site-packages/tensorflow`, the npm package or the file. */
  readonly origin: string;
}

const MAIN_LIBRARY = /^libtensorflow(_cc)?(\.2\.dylib|\.so\.2|\.2\.\d+\.\d+\.dylib|\.so\.2\.\d+\.\d+|\.so|\.dylib)$/;
const FRAMEWORK_LIBRARY = /^libtensorflow_framework(\.2\.dylib|\.so\.2|\.so|\.dylib)$/;

function preferShorter(names: readonly string[]): string | undefined {
  return [...names].sort((a, b) => a.length - b.length || a.localeCompare(b))[0];
}

/**
 * Finds the library in a directory.
 *
 * @param directory - The directory.
 * @param version - The version to report, if it is known.
 * @returns The library, or undefined if the directory has none.
 */
export function libraryInDirectory(directory: string, version?: string): LibraryFiles | undefined {
  if (!existsSync(directory)) return undefined;
  const names = readdirSync(directory);
  const main =
    preferShorter(names.filter((name) => MAIN_LIBRARY.test(name) && name.includes('_cc'))) ??
    preferShorter(names.filter((name) => MAIN_LIBRARY.test(name)));
  if (!main) return undefined;
  const framework = preferShorter(names.filter((name) => FRAMEWORK_LIBRARY.test(name)));
  const paths = framework ? [join(directory, framework), join(directory, main)] : [join(directory, main)];
  return { paths, version, origin: directory };
}

/**
 * Finds the library at a path.
 *
 * @param path - A library file, or a directory with one.
 * @returns The library, or undefined if there is none.
 */
export function libraryAtPath(path: string): LibraryFiles | undefined {
  if (!existsSync(path)) return undefined;
  if (statSync(path).isDirectory()) return libraryInDirectory(path);
  const directory = dirname(path);
  const framework = preferShorter(readdirSync(directory).filter((name) => FRAMEWORK_LIBRARY.test(name)));
  const needsFramework = framework !== undefined && basename(path) !== framework;
  return { paths: needsFramework ? [join(directory, framework), path] : [path], origin: path };
}

/**
 * Finds the library of an installed Python wheel.
 *
 * @param sitePackages - A site-packages directory.
 * @returns The library, or undefined if TensorFlow is not installed there.
 */
export function libraryInSitePackages(sitePackages: string): LibraryFiles | undefined {
  const directory = join(sitePackages, 'tensorflow');
  if (!existsSync(directory)) return undefined;
  const information = readdirSync(sitePackages).find((name) =>
    /^tensorflow(_cpu|_intel|_macos)?-\d.*\.dist-info$/.test(name),
  );
  return libraryInDirectory(directory, information?.replace(/^[^-]+-/, '').replace('.dist-info', ''));
}
