/** Runs in a thread: makes the inputs whose numbers arrive, checks them, and sends back what became of them. */
import { parentPort, workerData } from 'node:worker_threads';

import { checkInput } from './check-input.js';
import { checkTree } from './check-tree.js';
import { makeInput } from './make-input.js';

/** @import { FuzzInput } from './make-input.js' */
/** @import { SeedFile } from './seed-files.js' */

/** How many inputs there are for each folder that is migrated with the command line. */
const INPUTS_PER_TREE = 50;

/** @type {unknown} */
const data = workerData;
const { seeds, seed } = /** @type {{ seeds: readonly SeedFile[], seed: number }} */ (data);

parentPort?.on('message', (/** @type {number | FuzzInput} */ task) => {
  void answer(task).then((result) => parentPort?.postMessage(result));
});

parentPort?.postMessage('ready');

/** @param {number | FuzzInput} task - The number of an input, or the input itself. */
async function answer(task) {
  const input = typeof task === 'number' ? makeInput(seeds, seed, task) : task;
  try {
    const checked = await checkInput(input);
    if (typeof task === 'number' && task % INPUTS_PER_TREE === 0)
      checked.problems.push(...(await checkTree(seeds, seed, task)));
    return { input, checked };
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { input, checked: { problems: [{ kind: 'crash', detail }], status: 'failed' } };
  }
}
