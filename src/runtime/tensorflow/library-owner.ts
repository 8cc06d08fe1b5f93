/**
 * Decides whether a library that was found by searching folders upward may be loaded: anybody could have put it into a
 * folder above the working directory, such as one below /tmp. Reads files.
 */
import type { LibraryFiles } from './library-files.js';

import { realpathSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';

const WORLD_WRITABLE = 0o002;
/** In a folder with this mode, such as /tmp, only the owner of a file may replace it. */
const STICKY = 0o1000;

function problemOf(path: string, { uid, mode }: Stats, isAncestor: boolean): string | undefined {
  if (uid !== 0 && uid !== process.getuid?.()) return `${path} belongs to another user (uid ${uid})`;
  if ((mode & WORLD_WRITABLE) === 0 || (isAncestor && (mode & STICKY) !== 0)) return undefined;
  return `everybody may write to ${path}`;
}

/**
 * Finds out who could have written a library.
 *
 * @param files - The library.
 * @returns Why it must not be loaded; undefined when it, its folder and all folders above belong to the user or to
 *   root, and nobody else may write there. Always undefined on Windows.
 */
export function untrustedOwner({ paths }: Pick<LibraryFiles, 'paths'>): string | undefined {
  if (process.getuid === undefined) return undefined;
  const checked = new Set<string>();
  for (const given of paths) {
    let path = realpathSync(given);
    for (let level = 0; !checked.has(path); path = dirname(path), level++) {
      checked.add(path);
      // The library and its folder, and what is above them.
      const problem = problemOf(path, statSync(path), level > 1);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}
