/** The files of a run over a project. Types only. */
import type { LanguageSupport, MigrationEnvironment, SourceFiles } from '../migration.js';
import type { FolderOptions } from '../options.js';
import type { FileResult } from '../result.js';

/** One file that was migrated on its own. */
export interface MigratedFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  /** The text before the run, with its byte-order mark. */
  readonly text: string;
  readonly result: FileResult;
}

/** A file that a change across files touches. Its result replaces the one of the file on its own. */
export interface ProjectFile extends MigratedFile {
  /** Files of the same group are written together or not at all. */
  readonly group: string;
}

/** The options of a run over a project, with access to its files. */
export interface ProjectEnvironment extends MigrationEnvironment, FolderOptions {
  readonly root: string;
  readonly files: SourceFiles;
  /** The text of a file that was not migrated, with its byte-order mark; `undefined` when it cannot be read. */
  readonly readOriginal: (path: string) => string | undefined;
  /** Loads the language of a file. Default: the registry's. */
  readonly loadLanguage?: (path: string) => Promise<LanguageSupport<unknown> | undefined>;
}
