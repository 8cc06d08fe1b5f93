/** Gives the engine the other files of a project from disk. Reads files; writes none. */
import type { SourceFiles } from '../codemods/migration.js';

import { readdirSync, statSync } from 'node:fs';

import { MAX_SOURCE_BYTES, readRegularFile } from '../files/regular-file.js';

/**
 * Makes access to the files on disk. Each file is read and each folder listed once, because several files of a project
 * need the same ones.
 *
 * @returns The files.
 */
export function createSourceFiles(): SourceFiles {
  const texts = new Map<string, string | undefined>();
  const folders = new Map<string, readonly string[]>();
  return {
    read(path) {
      if (!texts.has(path)) texts.set(path, readOrUndefined(path));
      return texts.get(path);
    },
    isDirectory(path) {
      return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
    },
    list(path) {
      let names = folders.get(path);
      if (names === undefined) folders.set(path, (names = namesIn(path)));
      return names;
    },
  };
}

function readOrUndefined(path: string): string | undefined {
  try {
    // The engine counts offsets without the byte-order mark.
    return readRegularFile(path, MAX_SOURCE_BYTES)
      .toString('utf8')
      .replace(/^\uFEFF/, '');
  } catch {
    return undefined;
  }
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}
