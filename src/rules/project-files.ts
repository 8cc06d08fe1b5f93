/** Read-only access to the files around the one that is linted. Reads files. */
import type { SourceFiles } from '../codemods/migration.js';

import { statSync } from 'node:fs';

import { MAX_SOURCE_BYTES, readRegularFile } from '../files/regular-file.js';

/** Reads from disk every time, so an editor's next run sees what was saved. */
export function readOnlyFiles(): SourceFiles {
  return {
    read(path) {
      try {
        return readRegularFile(path, MAX_SOURCE_BYTES).toString('utf8');
      } catch {
        // A missing file and a folder are the same to the caller.
        return undefined;
      }
    },
    isDirectory: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
  };
}
