/**
 * The code that a worker thread runs: receives the path of a file and answers with its result. Reads files; writes
 * none.
 */
import type { FolderOptions } from '../codemods/options.js';

import { parentPort, workerData } from 'node:worker_threads';

import { migrateFile } from './migrate-file.js';
import { runEnvironment } from './run-environment.js';

const environment = runEnvironment(workerData as FolderOptions);

parentPort?.on('message', (displayPath: string) => {
  void migrateFile(displayPath, environment).then((file) => parentPort?.postMessage(file));
});
