/**
 * `npm run bench -- train [--models mlp,cnn] [--batches 32,128] [--rounds 5] [--sides pjrt,jax] [--write]`: training
 * steps of five models on the same TensorFlow library: this runtime on one device, on two replicas, on XLA through a
 * PJRT plugin, by the engine auto and untraced, and Python Keras as it is, with jit_compile, under MirroredStrategy and
 * on JAX. Prints ratios; `--write` keeps them in docs/benchmarks. Needs dist/ and .venv; Keras on JAX needs
 * `.venv-keras-jax`, which scripts/setup-keras-jax.js makes.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { interleave } from '../interleave.js';

import { writeResults } from './results.js';
import { stepsFor } from './steps-for.js';
import { measureThreadScaling } from './thread-scaling.js';
import { ratioOf } from './training-row.js';
import { startWorker } from './worker-process.js';

/** @import { TrainingRow } from './training-row.js' */

const here = import.meta.dirname;
const python = process.env.MIRRORSCOPE_PYTHON ?? path.resolve(here, '../../.venv/bin/python');
const OURS = { program: process.execPath, script: path.join(here, 'mirrorscope-worker.js') };
const jaxPython = process.env.MIRRORSCOPE_JAX_PYTHON ?? path.resolve(here, '../../.venv-keras-jax/bin/python');
const KERAS = { program: python, script: path.join(here, 'keras_worker.py') };

const ALL_SIDES = [
  { name: 'mirrorscope, 1 device', ...OURS, mode: 'traced', replicas: '1' },
  { name: 'mirrorscope, 2 replicas', ...OURS, mode: 'traced', replicas: '2' },
  { name: 'mirrorscope on XLA, 1 device', ...OURS, mode: 'pjrt', replicas: '1' },
  { name: 'mirrorscope on XLA, 2 replicas', ...OURS, mode: 'pjrt', replicas: '2' },
  { name: 'mirrorscope, auto, 1 device', ...OURS, mode: 'auto', replicas: '1' },
  { name: 'mirrorscope, auto, 2 replicas', ...OURS, mode: 'auto', replicas: '2' },
  { name: 'tfjs on our backend, untraced', ...OURS, mode: 'untraced', replicas: '1' },
  { name: 'Keras', ...KERAS, mode: 'single', replicas: '1' },
  { name: 'Keras, jit_compile', ...KERAS, mode: 'jit', replicas: '1' },
  { name: 'Keras, MirroredStrategy on 2', ...KERAS, mode: 'mirrored', replicas: '2' },
  { name: 'Keras on JAX', ...KERAS, program: jaxPython, mode: 'jax', replicas: '1' },
];

/** Each sample is one fit of this many epochs over the same data. */
const EPOCHS = 3;

/** @param {TrainingRow} row - What was measured. */
function print(row) {
  const oneDevice = ratioOf(row, 'Keras', 'mirrorscope, 1 device');
  const twoReplicas = ratioOf(row, 'Keras, MirroredStrategy on 2', 'mirrorscope, 2 replicas');
  const onXla = ratioOf(row, 'Keras on JAX', 'mirrorscope on XLA, 1 device');
  const auto = Math.min(...['Keras', 'Keras on JAX'].map((side) => ratioOf(row, side, 'mirrorscope, auto, 1 device')));
  const sides = Object.entries(row.medians).map(([name, milliseconds]) => `${name} ${milliseconds.toFixed(2)}`);
  console.log(
    `${row.model} batch ${row.batch}: Keras / one device ${oneDevice.toFixed(2)}x, ` +
      `Keras mirrored / two replicas ${twoReplicas.toFixed(2)}x, Keras on JAX / XLA ${onXla.toFixed(2)}x, ` +
      `faster Keras / auto ${auto.toFixed(2)}x   (ms per step: ${sides.join(', ')})`,
  );
}

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: 'mlp,cnn,lstm,resnet,embedding' },
    batches: { type: 'string', default: '32,128,1024' },
    rounds: { type: 'string', default: '5' },
    sides: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
if (!existsSync(python)) throw new Error('There is no Python with TensorFlow: run `npm run setup`.');
const rounds = Number(values.rounds);
/** Modes of the sides that run; by default, all run. */
const wanted = values.sides?.split(',').map((side) => side.trim());
const sides = ALL_SIDES.filter(({ name, mode, program }) => {
  if (wanted !== undefined && !wanted.includes(mode)) return false;
  if (existsSync(program)) return true;
  console.log(`${name} is left out: there is no ${program}. Run node scripts/setup-keras-jax.js.`);
  return false;
});
const workers = sides.map(({ name, program, script, mode, replicas }) => ({
  name,
  worker: startWorker(program, [script, mode, replicas]),
}));
/** @type {TrainingRow[]} */
const rows = [];
for (const model of values.models.split(',')) {
  for (const batch of values.batches.split(',').map(Number)) {
    const request = { model, batch, steps: stepsFor(model, batch), epochs: EPOCHS };
    // A few steps are enough to warm up, so that interleave() need not run a whole round.
    for (const { worker } of workers) await worker.measure({ ...request, steps: 3 });
    const contenders = workers.map(
      ({ name, worker }) => /** @type {const} */ ([name, async () => (await worker.measure(request)).milliseconds]),
    );
    const medians = await interleave(new Map(contenders), rounds, { warmUp: false });
    const row = { model, batch, medians: Object.fromEntries(medians.values) };
    rows.push(row);
    print(row);
  }
}
for (const { worker } of workers) worker.stop();
if (wanted === undefined) {
  const scaling = await measureThreadScaling(rounds, EPOCHS);
  if (values.write) writeResults(rows, scaling);
}
