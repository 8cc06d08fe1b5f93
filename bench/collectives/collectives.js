/**
 * `npm run bench -- collectives [--sizes 0.001,1,16,100] [--rounds 5]`: the sum of one tensor over two processes on
 * this machine, by its size in MB: with `allReduce` of this runtime, with all_reduce of Python's
 * MultiWorkerMirroredStrategy (TensorFlow's defaults), and a plain exchange of the same bytes over a loopback socket.
 * Each sample is the median of several calls; prints the medians of the samples. Needs dist/ and .venv.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { startCluster } from '../cluster/cluster-process.js';
import { interleave } from '../interleave.js';

/**
 * @typedef {object} CollectiveRequest Sums to measure.
 * @property {number} bytes - Size of the tensor.
 * @property {number} calls - How often.
 *
 * @typedef {object} CollectiveAnswer What they took.
 * @property {number} milliseconds - The median call.
 * @property {number} sum - The first element of the sum of ones.
 */

const WORKERS = 2;
const OURS = 'mirrorscope';
const PYTHON = 'Python';
const SOCKET = 'socket';

const here = import.meta.dirname;
const python = process.env.MIRRORSCOPE_PYTHON ?? path.resolve(here, '../../.venv/bin/python');
const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '0.001,0.01,0.1,0.4,1,4,16,100' },
    rounds: { type: 'string', default: '5' },
  },
});
if (!existsSync(python)) throw new Error('There is no Python with TensorFlow: run `npm run setup`.');

/** @type {[string, string, string][]} */
const programs = [
  [OURS, process.execPath, 'mirrorscope-worker.js'],
  [PYTHON, python, 'tensorflow_worker.py'],
  [SOCKET, process.execPath, 'socket-worker.js'],
];
const sides = [];
for (const [name, program, script] of programs) {
  /** @type {import('../train/worker-process.js').MeasuringWorker<CollectiveRequest, CollectiveAnswer>} */
  const worker = await startCluster(WORKERS, program, [path.join(here, script)]);
  sides.push({ name, worker });
}

console.log('| MB | ours, ms | Python, ms | socket, ms | Python / ours | ours / socket |');
console.log('|---|---|---|---|---|---|');
for (const megabytes of values.sizes.split(',').map(Number)) {
  const bytes = Math.round(megabytes * 1e6);
  const calls = Math.max(2, Math.min(30, Math.round(50 / megabytes)));
  const contenders = sides.map(
    ({ name, worker }) =>
      /** @type {const} */ ([
        name,
        async () => {
          const { milliseconds, sum } = await worker.measure({ bytes, calls });
          if (sum !== WORKERS) throw new Error(`${name}: the sum is ${sum}.`);
          return milliseconds;
        },
      ]),
  );
  const medians = await interleave(new Map(contenders), Number(values.rounds), { warmUp: false });
  const [ours, theirs, socket] = [medians.of(OURS), medians.of(PYTHON), medians.of(SOCKET)];
  const cells = [ours, theirs, socket, theirs / ours, ours / socket].map((value) => value.toFixed(2));
  console.log(`| ${megabytes} | ${cells.join(' | ')} |`);
}
for (const { worker } of sides) worker.stop();
process.exit(0);
