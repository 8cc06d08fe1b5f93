/** Read-only access to the files around the one that is linted. Reads the file system, writes nothing. */
import type { SourceFiles } from '../codemods/migration.js';

import { readFileSync, statSync } from 'node:fs';

/** Looks at the disk each time, so that an editor's next run sees what was saved. */
export function readOnlyFiles(): SourceFiles {
  return {
    read(path) {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        // Not there, or not a file: for the one who asks the same.
        return undefined;
      }
    },
    isDirectory: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
  };
}
