/** From the settings of a run to the options of the engine. */
import type { MigrateOptions } from '../codemods/engine.js';
import type { MigrationSettings } from './migrate-file.js';

import { createSourceFiles } from './source-files.js';

/** The engine's options, with access to the files of the disk. */
export function migrateOptions({ root, only, mark, modules, target, otherNames }: MigrationSettings): MigrateOptions {
  return {
    root,
    mark,
    modules,
    kerasTarget: target,
    otherNames,
    only: only.length === 0 ? undefined : only,
    files: createSourceFiles(),
  };
}
