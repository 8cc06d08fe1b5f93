/** Runs over files up to the point of writing: walk, prefilter, migrate. Reads files; writes none. */
import type { FolderOptions } from '../codemods/options.js';
import type { ReportedFile } from '../report/run-report.js';
import type { PathFilter } from './path-filter.js';

import { failedResult } from '../codemods/failed-result.js';

import { findCandidates, migratableExtensions, type ProgressListener } from './find-candidates.js';
import { withChangesAcrossFiles } from './migrate-across-files.js';
import { migrateFiles, workerCount } from './migrate-files.js';
import { comparePaths, relativePath, walk } from './walk.js';

/** What to scan, and how. */
export interface ScanOptions {
  /** Absolute paths of existing files and folders. */
  readonly seeds: readonly string[];
  readonly filter: PathFilter;
  readonly respectIgnoreFiles: boolean;
  /** The number of worker threads; `undefined` leaves the choice to the amount of work. */
  readonly threads: number | undefined;
  readonly migration: FolderOptions;
  readonly onProgress?: ProgressListener;
}

/** The outcome of a scan. */
export interface ScanOutcome {
  /** Absolute paths of the files that were read. The prefilter skips most of them. */
  readonly scanned: readonly string[];
  readonly filesParsed: number;
  /** Every file that was parsed or that failed, ordered by path. */
  readonly files: readonly ReportedFile[];
  /** Files that the user named, of a type that no migration reads. */
  readonly otherTypes: readonly string[];
  /** Minified files that were skipped, relative to the root. */
  readonly minified: readonly string[];
  /** The folders that were entered. */
  readonly directories: readonly string[];
}

/**
 * Migrates all files below the seeds, without writing them.
 *
 * @param options - What to scan, and how.
 * @returns The results.
 */
export async function scan(options: ScanOptions): Promise<ScanOutcome> {
  const { seeds, filter, respectIgnoreFiles, onProgress } = options;
  const { root, migrations } = options.migration;
  const extensions = migratableExtensions(migrations);
  const found = walk({ root, seeds, extensions, filter, respectIgnoreFiles });
  const candidates = findCandidates(found, root, migrations, onProgress);
  const migration: FolderOptions = { ...options.migration, reExportedNames: candidates.reExportedNames };
  const workers = workerCount(options.threads, candidates);
  const alone = await migrateFiles(candidates.paths, migration, workers, onProgress);
  const migrated = await withChangesAcrossFiles(alone, migration);
  const unreadable = [
    ...found.failures.map(({ path, error }) => failedResult(relativePath(root, path), error)),
    ...candidates.failures,
  ].map((result) => ({ result, todoMarks: 0 }));
  return {
    scanned: found.files,
    filesParsed: candidates.paths.length,
    files: [...migrated, ...unreadable].sort((left, right) => comparePaths(left.result.path, right.result.path)),
    otherTypes: found.otherTypes,
    minified: candidates.minified,
    directories: found.directories,
  };
}
