/**
 * Migrates many files, in this process or in worker threads, with the same results in the same order either way. Reads
 * files; writes none.
 */
import type { FolderOptions } from '../codemods/options.js';
import type { ReportedFile } from '../report/run-report.js';
import type { Candidates, ProgressListener } from './find-candidates.js';

import { availableParallelism } from 'node:os';

import { failedResult } from '../codemods/failed-result.js';
import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { migrateFile } from './migrate-file.js';
import { runEnvironment } from './run-environment.js';
import { runInWorkers } from './worker-pool.js';

/** A worker first has to load the program and a parser. For less text than this, that takes longer than it saves. */
const MIN_BYTES_PER_WORKER = 1_000_000;

/** Parsing a larger file can use up all memory. In a worker, that loses one file; in this process, the whole run. */
const MAX_BYTES_IN_PROCESS = 3_000_000;

/** The module that each worker runs. */
const WORKER_FILE = new URL('./worker.js', import.meta.url);

/**
 * Decides how many worker threads to start.
 *
 * @param requested - The number that the user asked for; `undefined` leaves the choice to the amount of work.
 * @param candidates - The files to migrate.
 * @returns The number of workers; 0 to stay in this process.
 */
export function workerCount(requested: number | undefined, { paths, bytes, largest }: Candidates): number {
  const useful = Math.min(availableParallelism(), Math.floor(bytes / MIN_BYTES_PER_WORKER));
  const workers = Math.min(requested ?? useful, paths.length);
  if (largest > MAX_BYTES_IN_PROCESS) return Math.max(1, workers);
  return workers < 2 ? 0 : workers;
}

/**
 * Migrates files.
 *
 * @param paths - Relative to the root.
 * @param options - The options of the run.
 * @param workers - The number of worker threads; 0 to stay in this process.
 * @param onProgress - Receives how far the run has come.
 * @returns One result for each path, in order.
 */
export async function migrateFiles(
  paths: readonly string[],
  options: FolderOptions,
  workers: number,
  onProgress: ProgressListener = () => undefined,
): Promise<ReportedFile[]> {
  if (workers > 0) {
    const pool = { workers, file: WORKER_FILE, workerData: options };
    return runInWorkers(paths, pool, lostWithWorker, (done) => {
      onProgress('migrating', done, paths.length);
    });
  }
  const environment = runEnvironment(options);
  const results: ReportedFile[] = [];
  for (const [index, path] of paths.entries()) {
    onProgress('migrating', index, paths.length);
    results.push(await migrateFile(path, environment));
  }
  return results;
}

/** Keeps a file in the report although its worker died, for example for lack of memory. */
function lostWithWorker(path: string, reason: Error): ReportedFile {
  const error = new MirrorscopeError(ErrorCode.Internal, `The worker that migrated ${path} died: ${reason.message}.`, {
    cause: reason,
  });
  return { result: failedResult(path, error), todoMarks: 0 };
}
