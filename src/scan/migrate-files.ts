/**
 * Migrates many files, in this process or in worker threads, with the same result in the same
 * order either way. Reads files; writes none.
 */
import type { ReportedFile } from '../report/run-report.js';
import type { Candidates, ProgressListener } from './find-candidates.js';

import { availableParallelism } from 'node:os';

import { failed } from '../codemods/engine.js';
import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { migrateFile, type MigrationSettings } from './migrate-file.js';
import { migrateOptions } from './migrate-options.js';
import { runInWorkers } from './worker-pool.js';

/** A worker has to load the program and a parser before it is of use; below this much text it never catches up. */
const BYTES_WORTH_A_WORKER = 1_000_000;

/** Parsing a larger file may take all memory, which ends a worker but would end this process as well. */
const BYTES_SAFE_IN_PROCESS = 3_000_000;

/**
 * How many worker threads to start; 0 to stay in this process.
 * @param wanted as asked for; `undefined` leaves the choice to the amount of work
 */
export function workerCount(wanted: number | undefined, { paths, bytes, largest }: Candidates): number {
  const useful = Math.min(availableParallelism(), Math.floor(bytes / BYTES_WORTH_A_WORKER));
  const workers = Math.min(wanted ?? useful, paths.length);
  if (largest > BYTES_SAFE_IN_PROCESS) return Math.max(1, workers);
  return workers < 2 ? 0 : workers;
}

/** Migrates the candidates; the results are in their order. */
export async function migrateFiles(
  paths: readonly string[],
  settings: MigrationSettings,
  workers: number,
  onProgress: ProgressListener = () => undefined,
): Promise<ReportedFile[]> {
  if (workers > 0) {
    const pool = { workers, file: WORKER_FILE, workerData: settings };
    return runInWorkers(paths, pool, lostWithWorker, (done) => onProgress('migrating', done, paths.length));
  }
  const options = migrateOptions(settings);
  const results: ReportedFile[] = [];
  for (const [index, path] of paths.entries()) {
    onProgress('migrating', index, paths.length);
    results.push(await migrateFile(path, options, settings));
  }
  return results;
}

/** The module that each worker runs. */
const WORKER_FILE = new URL('./worker.js', import.meta.url);

/** A file must not be lost from the report because its worker died, of lack of memory say. */
function lostWithWorker(path: string, reason: Error): ReportedFile {
  const error = new MirrorscopeError(ErrorCode.Internal, `The worker that migrated ${path} died: ${reason.message}.`, {
    cause: reason,
  });
  return { result: failed(path, error), todoMarks: 0 };
}
