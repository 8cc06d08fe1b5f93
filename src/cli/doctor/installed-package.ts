/** Finds an installed package in the way Node does, without loading it. Reads files; writes none. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The version of a package, and where it is installed. */
export interface InstalledPackage {
  readonly version: string;
  readonly directory: string;
}

/**
 * Finds the nearest installed package.
 *
 * @param name - The name of the package.
 * @param directory - Absolute path of the folder where the search starts; it continues in the folders above.
 * @returns The package, or `undefined` when it is not installed.
 */
export function findInstalledPackage(name: string, directory: string): InstalledPackage | undefined {
  for (let current = directory; ; current = path.dirname(current)) {
    const candidate = path.join(current, 'node_modules', name);
    const version = versionIn(candidate);
    if (version !== undefined) return { version, directory: candidate };
    if (path.dirname(current) === current) return undefined;
  }
}

function versionIn(directory: string): string | undefined {
  try {
    const { version } = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8')) as { version?: unknown };
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
