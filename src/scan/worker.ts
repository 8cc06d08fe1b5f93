/** The worker thread's side of a scan: takes the name of a file, gives back its result. */
import { parentPort, workerData } from 'node:worker_threads';

import { migrateFile, type MigrationSettings } from './migrate-file.js';
import { migrateOptions } from './migrate-options.js';

const settings = workerData as MigrationSettings;
const options = migrateOptions(settings);

parentPort?.on('message', async (shownPath: string) => {
  parentPort?.postMessage(await migrateFile(shownPath, options, settings));
});
