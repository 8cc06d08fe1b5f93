// npm run bench -- train [--models mlp,cnn] [--batches 32,128] [--rounds 5]
// Training steps of five models, side by side on the same TensorFlow library and interleaved: this runtime on one device and on
// two replicas, untraced, and Python Keras plainly, with jit_compile and under MirroredStrategy. Prints ratios; --write keeps them, beside those of other models and batch sizes.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { drawRatios } from './draw-ratios.js';
import { startWorker } from './worker-process.js';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '..', '..');
const python = process.env.MIRRORSCOPE_PYTHON ?? path.join(root, '.venv', 'bin', 'python');

const SIDES = new Map([
  [
    'mirrorscope, 1 device',
    { command: process.execPath, parameters: [path.join(here, 'mirrorscope-worker.js'), 'traced', '1'] },
  ],
  [
    'mirrorscope, 2 replicas',
    { command: process.execPath, parameters: [path.join(here, 'mirrorscope-worker.js'), 'traced', '2'] },
  ],
  [
    'tfjs on our backend, untraced',
    { command: process.execPath, parameters: [path.join(here, 'mirrorscope-worker.js'), 'untraced', '1'] },
  ],
  ['Keras', { command: python, parameters: [path.join(here, 'keras_worker.py'), 'single', '1'] }],
  ['Keras, jit_compile', { command: python, parameters: [path.join(here, 'keras_worker.py'), 'jit', '1'] }],
  [
    'Keras, MirroredStrategy on 2',
    { command: python, parameters: [path.join(here, 'keras_worker.py'), 'mirrored', '2'] },
  ],
]);

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** A measurement is one fit of so many epochs over the same data. */
const EPOCHS = 3;

/** The steps of an epoch: few where a step is long, so that every cell takes about the same time. */
function stepsFor(model, batch) {
  const work = batch * ({ mlp: 1, embedding: 2, cnn: 8, lstm: 30, resnet: 60 }[model] ?? 10);
  return Math.max(2, Math.min(100, Math.round(13_000 / work)));
}

async function main() {
  const { values } = parseArgs({
    options: {
      models: { type: 'string', default: 'mlp,cnn,lstm,resnet,embedding' },
      batches: { type: 'string', default: '32,128,1024' },
      rounds: { type: 'string', default: '5' },
      write: { type: 'boolean', default: false },
    },
  });
  if (!existsSync(python)) throw new Error('There is no Python with TensorFlow: run `npm run setup`.');
  const rows = [];
  const workers = new Map(
    [...SIDES].map(([name, { command, parameters }]) => [name, startWorker(command, parameters)]),
  );
  for (const model of values.models.split(',')) {
    for (const batch of values.batches.split(',').map(Number)) {
      const request = { model, batch, steps: stepsFor(model, batch), epochs: EPOCHS };
      const times = new Map([...workers.keys()].map((name) => [name, []]));
      // Warm up, then measure in turns.
      for (const worker of workers.values()) await worker.measure({ ...request, steps: 3 });
      for (let round = 0; round < Number(values.rounds); round++) {
        for (const [name, worker] of workers) times.get(name).push((await worker.measure(request)).milliseconds);
      }
      const medians = Object.fromEntries([...times].map(([name, list]) => [name, median(list)]));
      rows.push({ model, batch, medians });
      report(rows.at(-1));
    }
  }
  for (const worker of workers.values()) worker.stop();
  const scaling = await threadsScaling(Number(values.rounds));
  if (values.write) keep(rows, scaling);
}

/** Keeps what was measured, in the place of what was kept of the same model and batch size. */
function keep(rows, scaling) {
  const file = path.join(root, 'docs', 'benchmarks', 'train.json');
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).rows : [];
  for (const row of rows) {
    const index = kept.findIndex(({ model, batch }) => model === row.model && batch === row.batch);
    kept.splice(index < 0 ? kept.length : index, index < 0 ? 0 : 1, row);
  }
  writeFileSync(file, `${JSON.stringify({ cpus: cpus().length, load: loadavg(), rows: kept, scaling }, null, 2)}\n`);
  writeFileSync(path.join(root, 'docs', 'benchmarks', 'train.svg'), drawRatios(kept));
}

function report({ model, batch, medians }) {
  const ratio = (over, under) => (medians[over] / medians[under]).toFixed(2);
  const all = Object.entries(medians)
    .map(([name, milliseconds]) => `${name} ${milliseconds.toFixed(2)}`)
    .join(', ');
  console.log(
    `${model} batch ${batch}: Keras / one device ${ratio('Keras', 'mirrorscope, 1 device')}x, ` +
      `Keras mirrored / two replicas ${ratio('Keras, MirroredStrategy on 2', 'mirrorscope, 2 replicas')}x   (ms a step: ${all})`,
  );
}

/**
 * Two replicas with one thread each against one replica with one thread, on the CNN, and what this machine allows: two processes of one thread, each
 * with half of the batch and nothing to exchange. TensorFlow runs independent ops of one function
 * side by side (inter-op threads), so one replica has one thread only when it may not.
 */
async function threadsScaling(rounds) {
  const worker = (replicas) =>
    startWorker(process.execPath, [path.join(here, 'mirrorscope-worker.js'), 'traced', replicas], {
      MIRRORSCOPE_INTRA_OP_THREADS: '1',
      MIRRORSCOPE_INTER_OP_THREADS: replicas,
    });
  const [one, two, ...halves] = [worker('1'), worker('2'), worker('1'), worker('1')];
  const request = { model: 'cnn', batch: 256, steps: 20, epochs: EPOCHS };
  const half = { ...request, batch: request.batch / 2 };
  const sides = new Map([
    ['one replica', () => one.measure(request)],
    ['two replicas', () => two.measure(request)],
    [
      'two processes',
      async () =>
        (await Promise.all(halves.map((process_) => process_.measure(half)))).sort(
          (a, b) => b.milliseconds - a.milliseconds,
        )[0],
    ],
  ]);
  const times = new Map([...sides.keys()].map((name) => [name, []]));
  for (const measure of sides.values()) await measure();
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of sides) times.get(name).push((await measure()).milliseconds);
  }
  for (const each of [one, two, ...halves]) each.stop();
  const [ratio, limit] = ['two replicas', 'two processes'].map(
    (name) => median(times.get('one replica')) / median(times.get(name)),
  );
  console.log(
    `cnn batch 256, one thread a replica: one replica / two replicas ${ratio.toFixed(2)}x; two processes with nothing to exchange ${limit.toFixed(2)}x`,
  );
  return { model: 'cnn', batch: 256, ratio, limit };
}

await main();
