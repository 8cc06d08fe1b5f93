/** A cluster of the benchmark's worker processes, measured like one of them. Starts processes on loopback ports. */
import { once } from 'node:events';
import { createServer } from 'node:net';

import { startWorker } from '../train/worker-process.js';

/** @import { MeasuringWorker, TrainingAnswer, TrainingRequest } from '../train/worker-process.js' */

/**
 * Finds free ports.
 * @param {number} count - How many.
 * @returns {Promise<string[]>} Addresses on the loopback interface.
 */
async function freeAddresses(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const addresses = servers.map((server) => {
    const address = server.address();
    return `127.0.0.1:${address === null || typeof address === 'string' ? '' : address.port}`;
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return addresses;
}

/**
 * Combines what the processes of a cluster measured.
 * @template {object} Answer
 * @param {readonly Answer[]} answers - One of each process.
 * @returns {Answer} The first one, with the longest times of all: a step ends when every process has ended it.
 */
function slowest(answers) {
  const [first] = answers;
  if (first === undefined) throw new Error('The cluster has no processes.');
  const entries = Object.entries(first).map(([name, value]) => {
    const all = answers.map((answer) => Number(/** @type {Record<string, unknown>} */ (answer)[name]));
    return [name, name.toLowerCase().endsWith('milliseconds') ? Math.max(...all) : /** @type {unknown} */ (value)];
  });
  /** @type {unknown} */
  const combined = Object.fromEntries(entries);
  return /** @type {Answer} */ (combined);
}

/**
 * Starts the workers of a cluster, which all measure each request together.
 * @template [Request=TrainingRequest]
 * @template {object} [Answer=TrainingAnswer]
 * @param {number} workers - How many processes.
 * @param {string} program - Executable to run.
 * @param {readonly string[]} parameters - Its arguments.
 * @param {Record<string, string>} [environment] - Environment variables to add.
 * @returns {Promise<MeasuringWorker<Request, Answer>>} The cluster.
 */
export async function startCluster(workers, program, parameters, environment = {}) {
  const addresses = await freeAddresses(workers);
  /** @type {MeasuringWorker<Request, Answer>[]} */
  const all = addresses.map((_, index) =>
    startWorker(program, parameters, {
      ...environment,
      TF_CONFIG: JSON.stringify({ cluster: { worker: addresses }, task: { type: 'worker', index } }),
    }),
  );
  return {
    async measure(request) {
      return slowest(await Promise.all(all.map((worker) => worker.measure(request))));
    },
    stop() {
      for (const worker of all) worker.stop();
    },
  };
}
