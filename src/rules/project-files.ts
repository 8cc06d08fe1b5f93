/** Read-only access to the files around the one that is linted. Reads files. */
import type { SourceFiles } from '../codemods/migration.js';

import { readFileSync, statSync } from 'node:fs';

/** Reads from disk every time, so an editor's next run sees what was saved. */
export function readOnlyFiles(): SourceFiles {
  return {
    read(path) {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        // A missing file and a folder are the same to the caller.
        return undefined;
      }
    },
    isDirectory: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
  };
}
