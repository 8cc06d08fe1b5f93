/**
 * A whole run up to the point of writing: walk, pre-filter, migrate. Reads files; writes none.
 */
import type { ReportedFile } from '../report/run-report.js';
import type { MigrationSettings } from './migrate-file.js';
import type { PathFilter } from './path-filter.js';

import { failed } from '../codemods/engine.js';

import { findCandidates, migratableExtensions, type ProgressListener } from './find-candidates.js';
import { withChangesAcrossFiles } from './migrate-across-files.js';
import { migrateFiles, workerCount } from './migrate-files.js';
import { comparePaths, relativePath, walk } from './walk.js';

/** What to scan and how. */
export interface ScanOptions {
  /** Absolute paths of existing files and directories. */
  readonly seeds: readonly string[];
  readonly filter: PathFilter;
  readonly respectIgnoreFiles: boolean;
  /** `undefined` leaves the choice to the amount of work. */
  readonly threads: number | undefined;
  readonly settings: MigrationSettings;
  readonly onProgress?: ProgressListener;
}

/** What a scan found. */
export interface ScanOutcome {
  readonly filesScanned: number;
  readonly filesParsed: number;
  /** Every file that was parsed or that failed, ordered by path. */
  readonly files: readonly ReportedFile[];
  /** Named files of a type that no migration reads. */
  readonly otherTypes: readonly string[];
  /** The directories that were entered. */
  readonly directories: readonly string[];
}

/** Runs the migrations over all files below the seeds. */
export async function scan(options: ScanOptions): Promise<ScanOutcome> {
  const { seeds, filter, respectIgnoreFiles, onProgress } = options;
  const { root, only } = options.settings;
  const extensions = migratableExtensions(only);
  const found = walk({ root, seeds, extensions, filter, respectIgnoreFiles });
  const candidates = findCandidates(found.files, root, only, onProgress);
  const settings = { ...options.settings, otherNames: candidates.otherNames };
  const workers = workerCount(options.threads, candidates);
  const alone = await migrateFiles(candidates.paths, settings, workers, onProgress);
  const migrated = await withChangesAcrossFiles(alone, settings);
  const unreadable = [
    ...found.failures.map(({ path, error }) => failed(relativePath(root, path), error)),
    ...candidates.failures,
  ].map((result) => ({ result, todoMarks: 0 }));
  return {
    filesScanned: found.files.length,
    filesParsed: candidates.paths.length,
    files: [...migrated, ...unreadable].sort((left, right) => comparePaths(left.result.path, right.result.path)),
    otherTypes: found.otherTypes,
    directories: found.directories,
  };
}
