/**
 * Compares training steps over workers on this machine with what the scaling model computes. Starts TensorFlow in
 * processes of its own.
 */
import path from 'node:path';

import { startCluster } from '../cluster/cluster-process.js';
import { interleave } from '../interleave.js';
import { benchmarkModel } from '../models.js';
import { stepsFor } from '../train/steps-for.js';
import { startWorker } from '../train/worker-process.js';

import { sharedMachineSeconds } from './scaling-model.js';

/** @import { Link } from './scaling-model.js' */

/**
 * @typedef {object} CheckedStep A step of one model over some workers.
 * @property {string} model - Name of the model.
 * @property {number} workers - How many processes.
 * @property {number} seconds - The measured step.
 * @property {number} modelSeconds - What the scaling model computes.
 */

const MODELS = ['mlp', 'embedding', 'cnn', 'lstm'];
/** Each number of workers divides it. */
const BATCH = 120;
const BYTES_PER_WEIGHT = 4;

/**
 * Measures steps with one global batch, in turns. All workers share the processors, so that they compute together what
 * one process computes alone; the sum of the gradients comes on top.
 * @param {readonly number[]} workerCounts - How many processes.
 * @param {Link} machine - The constants of this machine.
 * @param {number} rounds - How often.
 * @returns {Promise<CheckedStep[]>} The steps, by model and number of workers.
 */
export async function checkSteps(workerCounts, machine, rounds) {
  const script = path.resolve(import.meta.dirname, '../train/mirrorscope-worker.js');
  const alone = startWorker(process.execPath, [script, 'traced', '1']);
  const clusters = [];
  for (const workers of workerCounts)
    clusters.push({ workers, cluster: await startCluster(workers, process.execPath, [script, 'cluster', '1']) });
  const sides = [{ workers: 1, cluster: alone }, ...clusters];
  /** @type {CheckedStep[]} */
  const steps = [];
  for (const model of MODELS) {
    const request = { model, batch: BATCH, steps: stepsFor(model, BATCH), epochs: 3 };
    const contenders = sides.map(
      ({ workers, cluster }) =>
        /** @type {const} */ ([String(workers), async () => (await cluster.measure(request)).laterMilliseconds / 1000]),
    );
    const medians = await interleave(new Map(contenders), rounds, { warmUp: true });
    const computeSeconds = medians.of('1');
    const bytes = benchmarkModel(model).build().countParams() * BYTES_PER_WEIGHT;
    for (const workers of workerCounts) {
      const modelSeconds = computeSeconds + sharedMachineSeconds(workers, bytes, machine);
      steps.push({ model, workers, seconds: medians.of(String(workers)), modelSeconds });
    }
  }
  for (const { cluster } of sides) cluster.stop();
  return steps;
}
