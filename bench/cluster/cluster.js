/**
 * `npm run bench -- cluster [--models mlp,cnn] [--batches 32,128] [--rounds 5] [--steps 20] [--write]`: training steps
 * of the models of `bench -- train` in two processes on this machine, against one process with two devices, and against
 * Python's MultiWorkerMirroredStrategy with legacy Keras in two processes. Prints ratios; `--write` keeps them in
 * docs/benchmarks/cluster.json. Needs dist/ and .venv.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { interleave } from '../interleave.js';
import { stepsFor } from '../train/steps-for.js';
import { startWorker } from '../train/worker-process.js';

import { startCluster } from './cluster-process.js';

/** @import { Contender } from '../interleave.js' */

/**
 * @typedef {object} ClusterRow The sides of one model at one batch size.
 * @property {string} model - Name of the model.
 * @property {number} batch - Global batch size.
 * @property {Readonly<Record<string, number>>} medians - Milliseconds per step after the first epoch, by side.
 * @property {Readonly<Record<string, number>>} wholeFits - Milliseconds per step of whole fits, by side.
 */

const WORKERS = 2;
/** The first epoch also starts the fit. */
const EPOCHS = 3;
const OURS = 'mirrorscope, 2 processes';
const ONE_PROCESS = 'mirrorscope, 1 process with 2 devices';
const PYTHON = 'Keras, 2 processes';

const here = import.meta.dirname;
const python = process.env.MIRRORSCOPE_PYTHON ?? path.resolve(here, '../../.venv/bin/python');
const { values } = parseArgs({
  options: {
    models: { type: 'string', default: 'mlp,cnn,lstm,resnet,embedding' },
    batches: { type: 'string', default: '32,128,1024' },
    rounds: { type: 'string', default: '5' },
    steps: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
if (!existsSync(python)) throw new Error('There is no Python with TensorFlow: run `npm run setup`.');

const worker = path.resolve(here, '../train/mirrorscope-worker.js');
const kerasWorker = path.resolve(here, '../train/keras_worker.py');
const sides = [
  { name: OURS, worker: await startCluster(WORKERS, process.execPath, [worker, 'cluster', '1']) },
  { name: ONE_PROCESS, worker: startWorker(process.execPath, [worker, 'traced', String(WORKERS)]) },
  { name: PYTHON, worker: await startCluster(WORKERS, python, [kerasWorker, 'cluster', '1']) },
];

/**
 * Measures all sides in turns.
 * @param {string} model - Name of the model.
 * @param {number} batch - Global batch size.
 * @returns {Promise<ClusterRow>} The medians.
 */
async function measure(model, batch) {
  const steps = values.steps === undefined ? stepsFor(model, batch) : Number(values.steps);
  const request = { model, batch, steps, epochs: EPOCHS };
  for (const side of sides) await side.worker.measure({ ...request, steps: Math.min(3, steps), epochs: 2 });
  /** @type {Map<string, number>} */
  const last = new Map();
  /** @type {[string, Contender][]} */
  const contenders = sides.flatMap(({ name, worker }) => [
    [
      name,
      async () => {
        const answer = await worker.measure(request);
        last.set(name, answer.milliseconds);
        return answer.laterMilliseconds;
      },
    ],
    // Of the same fit.
    [`${name}, whole`, () => last.get(name) ?? NaN],
  ]);
  const medians = await interleave(new Map(contenders), Number(values.rounds), { warmUp: false });
  const all = sides.map(({ name }) => name);
  return {
    model,
    batch,
    medians: Object.fromEntries(all.map((name) => [name, medians.of(name)])),
    wholeFits: Object.fromEntries(all.map((name) => [name, medians.of(`${name}, whole`)])),
  };
}

/**
 * Divides the times of two sides.
 * @param {Readonly<Record<string, number>>} times - By side.
 * @param {string} over - Side in the numerator.
 * @param {string} under - Side in the denominator.
 * @returns {string} The ratio.
 */
const ratio = (times, over, under) => ((times[over] ?? NaN) / (times[under] ?? NaN)).toFixed(2);

/**
 * Keeps a row in docs/benchmarks/cluster.json, in place of the one before.
 * @param {ClusterRow} row - What was measured.
 */
function keep(row) {
  const file = path.resolve(here, '../../docs/benchmarks/cluster.json');
  /** @type {unknown} */
  const earlier = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const others = /** @type {ClusterRow[]} */ (earlier).filter(
    ({ model, batch }) => model !== row.model || batch !== row.batch,
  );
  writeFileSync(file, `${JSON.stringify([...others, row], null, 2)}\n`);
}

console.log(
  '| model | batch | Keras / 2 processes | whole fits | 2 processes / 1 process | ms per step: ours | Keras |',
);
console.log('|---|---|---|---|---|---|---|');
for (const model of values.models.split(',')) {
  for (const batch of values.batches.split(',').map(Number)) {
    const row = await measure(model, batch);
    const { medians, wholeFits } = row;
    if (values.write) keep(row);
    console.log(
      `| ${model} | ${batch} | ${ratio(medians, PYTHON, OURS)} | ${ratio(wholeFits, PYTHON, OURS)} | ` +
        `${ratio(medians, OURS, ONE_PROCESS)} | ${medians[OURS]?.toFixed(1)} | ${medians[PYTHON]?.toFixed(1)} |`,
    );
  }
}
for (const side of sides) side.worker.stop();
process.exit(0);
