/** Finds a package the way Node would from a directory, without loading it. Reads files. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Where a package lies and which version it is. */
export interface InstalledPackage {
  readonly version: string;
  readonly directory: string;
}

/** The nearest installed package of this name, from `directory` upward; `undefined` where there is none. */
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
