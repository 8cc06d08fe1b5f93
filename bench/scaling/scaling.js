/**
 * `npm run bench -- scaling [--check] [--rounds 5]`: prints the tables of docs/scaling.md. With `--check`, it measures
 * sums over 2, 3 and 4 workers on this machine first, takes latency and bandwidth from two of those over 2 workers, and
 * prints how far the model is from the others and from training steps. `--check` needs dist/ and TensorFlow.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';

import { startCluster } from '../cluster/cluster-process.js';
import { interleave } from '../interleave.js';

import { checkSteps } from './check-steps.js';
import { GRPC_BYTES_PER_SECOND, GRPC_HOP_SECONDS, LINKS, MEASURED_SUMS, MODELS } from './measured-constants-table.js';
import { halfEfficiencyWorkers, sharedMachineSeconds, stepTime, trainingStateBytes } from './scaling-model.js';

/** @import { CollectiveAnswer, CollectiveRequest } from '../collectives/collectives.js' */
/** @import { MeasuringWorker } from '../train/worker-process.js' */
/** @import { Link } from './scaling-model.js' */

/** @typedef {{ workers: number, bytes: number, seconds: number }} MeasuredSum */

const WORKERS = [8, 64, 256, 1024];
const CHECKED_WORKERS = [2, 3, 4];
const [SMALL, LARGE] = [1e3, 16e6];
const CHECKED_BYTES = [SMALL, 4e5, 1e6, 4e6, LARGE];

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, rounds: { type: 'string', default: '5' } },
});

const rounds = Number(values.rounds);

/** @returns {Promise<MeasuredSum[]>} Sums over workers on this machine. */
async function measureSums() {
  const script = path.resolve(import.meta.dirname, '../collectives/mirrorscope-worker.js');
  /** @type {MeasuringWorker<CollectiveRequest, CollectiveAnswer>[]} */
  const clusters = [];
  for (const workers of CHECKED_WORKERS) clusters.push(await startCluster(workers, process.execPath, [script]));
  /** @type {MeasuredSum[]} */
  const sums = [];
  for (const bytes of CHECKED_BYTES) {
    const contenders = clusters.map(
      (cluster, index) =>
        /** @type {const} */ ([
          String(CHECKED_WORKERS[index]),
          async () => (await cluster.measure({ bytes, calls: bytes > 5e6 ? 5 : 20 })).milliseconds / 1000,
        ]),
    );
    const medians = await interleave(new Map(contenders), rounds, { warmUp: false });
    for (const workers of CHECKED_WORKERS) sums.push({ workers, bytes, seconds: medians.of(String(workers)) });
  }
  for (const cluster of clusters) cluster.stop();
  return sums;
}

/**
 * Takes the constants of a machine from the smallest sum and a large one.
 * @param {readonly MeasuredSum[]} sums - What was measured.
 * @returns {Link} The time of a message, and what all workers together move.
 */
function machineOf(sums) {
  /** @param {number} bytes - The size of a sum over 2 workers. */
  const secondsOf = (bytes) => sums.find((sum) => sum.workers === 2 && sum.bytes === bytes)?.seconds ?? NaN;
  const small = secondsOf(SMALL);
  return { hopSeconds: small / 2, bytesPerSecond: (2 * LARGE) / (secondsOf(LARGE) - small) };
}

/**
 * Prints how far the model is from what was measured.
 * @param {readonly MeasuredSum[]} sums - What was measured.
 * @param {Link} machine - The constants.
 */
function printErrors(sums, machine) {
  console.log(
    `One hop takes ${(machine.hopSeconds * 1e3).toFixed(2)} ms; the workers together move ` +
      `${(machine.bytesPerSecond / 1e6).toFixed(0)} MB/s.\n`,
  );
  console.log('| workers | MB | measured, ms | model, ms | error |');
  console.log('|---|---|---|---|---|');
  for (const { workers, bytes, seconds } of sums) {
    const model = sharedMachineSeconds(workers, bytes, machine);
    const error = `${(100 * (model / seconds - 1)).toFixed(0)}%`;
    console.log(
      `| ${workers} | ${bytes / 1e6} | ${(seconds * 1e3).toFixed(2)} | ${(model * 1e3).toFixed(2)} | ${error} |`,
    );
  }
}

/**
 * Measures training steps, and prints how far the model is from them.
 * @param {Link} machine - The constants.
 */
async function printStepErrors(machine) {
  const steps = await checkSteps(CHECKED_WORKERS, machine, rounds);
  console.log('\n| step of | workers | measured, ms | model, ms | error |');
  console.log('|---|---|---|---|---|');
  for (const { model, workers, seconds, modelSeconds } of steps) {
    const error = `${(100 * (modelSeconds / seconds - 1)).toFixed(0)}%`;
    const [measured, computed] = [seconds, modelSeconds].map((each) => (each * 1e3).toFixed(2));
    console.log(`| ${model} | ${workers} | ${measured} | ${computed} | ${error} |`);
  }
}

/**
 * Prints the time of a step, by model and number of workers.
 * @param {string} name - Name of the network.
 * @param {Link} link - The network.
 */
function printSteps(name, link) {
  console.log(`\n| ${name} | gradients | ${WORKERS.join(' | ')} | half of the step at |`);
  console.log(`|---|---|${WORKERS.map(() => '---|').join('')}---|`);
  for (const model of MODELS) {
    for (const [words, how] of /** @type {const} */ ([
      ['one pack', { bytesPerPack: 0 }],
      ['packs', {}],
      ['packs, 16 bits', { bytesPerGradient: 2 }],
    ])) {
      const cells = WORKERS.map((workers) => {
        const { seconds, efficiency } = stepTime(model, { workers, link, ...how });
        return `${seconds.toFixed(2)} s (${(100 * efficiency).toFixed(0)}%)`;
      });
      const half = halfEfficiencyWorkers(model, { link, ...how });
      console.log(`| ${model.name} | ${words} | ${cells.join(' | ')} | ${half} |`);
    }
  }
}

const measured = values.check ? await measureSums() : MEASURED_SUMS;
const machine = values.check
  ? machineOf(measured)
  : { hopSeconds: GRPC_HOP_SECONDS, bytesPerSecond: GRPC_BYTES_PER_SECOND };
printErrors(measured, machine);
if (values.check) await printStepErrors(machine);
for (const [name, link] of Object.entries(LINKS)) printSteps(name, link);
console.log('\n| model | weights, gradients and moments of Adam | moments divided over 8 | over 64 |');
console.log('|---|---|---|---|');
for (const { name, weights } of MODELS) {
  const cells = [1, 8, 64].map((shards) => `${(trainingStateBytes(weights, shards) / 1e9).toFixed(2)} GB`);
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}
process.exit(0);
