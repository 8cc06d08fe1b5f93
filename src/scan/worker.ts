/** The worker thread's side of a scan: takes names of files, gives back their results in the same order. */
import { parentPort, workerData } from 'node:worker_threads';
import { migrateFile, type MigrationSettings } from './migrate-file.js';
import { migrateOptions } from './migrate-options.js';

const settings = workerData as MigrationSettings;
const options = migrateOptions(settings);

let last: Promise<void> = Promise.resolve();

parentPort?.on('message', (shownPath: string) => {
  last = last.then(async () => parentPort?.postMessage(await migrateFile(shownPath, options, settings)));
});
