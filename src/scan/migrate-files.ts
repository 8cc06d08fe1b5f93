/**
 * Migrates many files, in this process or in worker threads, with the same result in the same
 * order either way. Reads files; writes none.
 */
import { availableParallelism } from 'node:os';
import { failed } from '../codemods/engine.js';
import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';
import { type ReportedFile } from '../report/run-report.js';
import { type Candidates, type ProgressListener } from './find-candidates.js';
import { migrateFile, type MigrationSettings } from './migrate-file.js';
import { migrateOptions } from './migrate-options.js';

/** A worker has to load a parser before it is of use; below this much text it never catches up. */
const BYTES_WORTH_A_WORKER = 1_000_000;

/**
 * How many threads to use.
 * @param wanted as asked for; `undefined` leaves the choice to the amount of work
 */
export function threadCount(wanted: number | undefined, { paths, bytes }: Candidates): number {
  const useful = Math.max(1, Math.min(availableParallelism(), Math.floor(bytes / BYTES_WORTH_A_WORKER)));
  return Math.min(wanted ?? useful, Math.max(1, paths.length));
}

/** Migrates the candidates; the results are in their order. */
export async function migrateFiles(
  paths: readonly string[],
  settings: MigrationSettings,
  threads: number,
  onProgress: ProgressListener = () => undefined,
): Promise<ReportedFile[]> {
  if (threads > 1) return migrateInThreads(paths, settings, threads, onProgress);
  const options = migrateOptions(settings);
  const results: ReportedFile[] = [];
  for (const [index, path] of paths.entries()) {
    onProgress('migrating', index, paths.length);
    results.push(await migrateFile(path, options, settings));
  }
  return results;
}

async function migrateInThreads(
  paths: readonly string[],
  settings: MigrationSettings,
  threads: number,
  onProgress: ProgressListener,
): Promise<ReportedFile[]> {
  const { Tinypool } = await import('tinypool');
  const pool = new Tinypool({
    filename: new URL('./worker.js', import.meta.url).href,
    name: 'migrateInWorker',
    runtime: 'worker_threads',
    minThreads: threads,
    maxThreads: threads,
    workerData: settings,
  });
  let done = 0;
  try {
    return await Promise.all(
      paths.map(async (path) => {
        const result = await migrateOrReport(() => pool.run(path) as Promise<ReportedFile>, path);
        onProgress('migrating', ++done, paths.length);
        return result;
      }),
    );
  } finally {
    await pool.destroy();
  }
}

/** A worker that dies takes its file with it; the file must not be lost from the report. */
async function migrateOrReport(run: () => Promise<ReportedFile>, path: string): Promise<ReportedFile> {
  try {
    return await run();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const error = new MirrorscopeError(ErrorCode.Internal, `The worker for ${path} ended: ${why}`, { cause });
    return { result: failed(path, error), todoMarks: 0 };
  }
}
