/** Gives the options of a run access to the files on disk. Reads files; writes none. */
import type { MigrationEnvironment, SourceFiles } from '../codemods/migration.js';
import type { FolderOptions } from '../codemods/options.js';

import { createSourceFiles } from './source-files.js';

/** The options of a run over a folder, with access to its files. */
export interface RunEnvironment extends MigrationEnvironment, FolderOptions {
  readonly root: string;
  readonly files: SourceFiles;
}

/**
 * Adds access to the disk. A worker thread calls this itself, because only plain data reaches it.
 *
 * @param options - The options of the run.
 * @returns The environment of the engine.
 */
export function runEnvironment(options: FolderOptions): RunEnvironment {
  return { ...options, files: createSourceFiles() };
}
