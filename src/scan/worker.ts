/** The worker thread's side of a scan: takes the name of a file, gives back its result. */
import { workerData } from 'node:worker_threads';
import { migrateFile, type MigrationSettings } from './migrate-file.js';
import { migrateOptions } from './migrate-options.js';
import { type ReportedFile } from '../report/run-report.js';

// The pool hands its own data and ours over as a pair.
const settings = (workerData as readonly [unknown, MigrationSettings])[1];
const options = migrateOptions(settings);

/** Called by the pool for each file. */
export function migrateInWorker(shownPath: string): Promise<ReportedFile> {
  return migrateFile(shownPath, options, settings);
}
