/**
 * A whole run up to the point of writing: walk, pre-filter, migrate. Reads files; writes none.
 */
import { failed } from '../codemods/engine.js';
import type { ReportedFile } from '../report/run-report.js';
import { type Candidates, findCandidates, migratableExtensions, type ProgressListener } from './find-candidates.js';
import { isWorthAhead, MigrationAhead } from './migrate-ahead.js';
import { migrateFiles, WORKER_FILE, workerCount } from './migrate-files.js';
import type { MigrationSettings } from './migrate-file.js';
import { withChangesAcrossFiles } from './migrate-across-files.js';
import type { PathFilter } from './path-filter.js';
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

/** What was migrated ahead, where it was migrated under the names that the run has in the end. */
async function resultsAhead(ahead: MigrationAhead | undefined, { otherNames }: Candidates): Promise<ReadonlyMap<string, ReportedFile>> {
  if (ahead !== undefined && otherNames.length === 0) return ahead.results();
  await ahead?.discard();
  return new Map();
}

/** Runs the migrations over all files below the seeds. */
export async function scan(options: ScanOptions): Promise<ScanOutcome> {
  const { seeds, filter, respectIgnoreFiles, onProgress } = options;
  const { root, only } = options.settings;
  const extensions = migratableExtensions(only);
  const found = walk({ root, seeds, extensions, filter, respectIgnoreFiles });
  const ahead = isWorthAhead(found.files.length, options.threads) ? new MigrationAhead(WORKER_FILE, options.settings) : undefined;
  let candidates: Candidates;
  try {
    candidates = findCandidates(found.files, root, only, onProgress, (path, bytes) => ahead?.offer(path, bytes));
  } catch (error) {
    await ahead?.discard();
    throw error;
  }
  const settings = { ...options.settings, otherNames: candidates.otherNames };
  const known = await resultsAhead(ahead, candidates);
  const rest = candidates.paths.filter((path) => !known.has(path));
  const workers = workerCount(options.threads, { ...candidates, paths: rest });
  const others = await migrateFiles(rest, settings, workers, onProgress);
  let next = 0;
  const alone = candidates.paths.map((path) => known.get(path) ?? (others[next++] as ReportedFile));
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
