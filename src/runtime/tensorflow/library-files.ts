/** The files that make up one TensorFlow library, and where a wheel or an npm package keeps them. May read: directories. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A TensorFlow library that can be opened. */
export interface LibraryFiles {
  /** Load order: what the last one needs comes first. The last exports the C API. */
  readonly paths: readonly string[];
  /** The version that its package states, where it is known without loading. */
  readonly version?: string | undefined;
  /** `site-packages/tensorflow`, the npm package or the file: what a user knows it by. */
  readonly origin: string;
}

const MAIN_LIBRARY = /^libtensorflow(_cc)?(\.2\.dylib|\.so\.2|\.2\.\d+\.\d+\.dylib|\.so\.2\.\d+\.\d+|\.so|\.dylib)$/;
const FRAMEWORK_LIBRARY = /^libtensorflow_framework(\.2\.dylib|\.so\.2|\.so|\.dylib)$/;

function preferShorter(names: readonly string[]): string | undefined {
  return [...names].sort((a, b) => a.length - b.length || a.localeCompare(b))[0];
}

/** The library in a directory, if there is one. */
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

/** The library that a path names: a file, or a directory that holds one. */
export function libraryAtPath(path: string): LibraryFiles | undefined {
  if (!existsSync(path)) return undefined;
  if (statSync(path).isDirectory()) return libraryInDirectory(path);
  const directory = dirname(path);
  const framework = preferShorter(readdirSync(directory).filter((name) => FRAMEWORK_LIBRARY.test(name)));
  const needsFramework = framework !== undefined && basename(path) !== framework;
  return { paths: needsFramework ? [join(directory, framework), path] : [path], origin: path };
}

/** The library of a Python wheel in a site-packages directory. */
export function libraryInSitePackages(sitePackages: string): LibraryFiles | undefined {
  const directory = join(sitePackages, 'tensorflow');
  if (!existsSync(directory)) return undefined;
  const information = readdirSync(sitePackages).find((name) =>
    /^tensorflow(_cpu|_intel|_macos)?-[\d.]+.*\.dist-info$/.test(name),
  );
  return libraryInDirectory(directory, information?.replace(/^[^-]+-/, '').replace('.dist-info', ''));
}
