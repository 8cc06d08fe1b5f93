/** The engine's view of the files beside the one it migrates. Reads only. */
import type { SourceFiles } from '../codemods/migration.js';

import { readdirSync, readFileSync, statSync } from 'node:fs';

/** Files on disk, each read and listed once: several files of a project look into the same ones. */
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
    // Offsets into other files do not count a byte-order mark either.
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
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
