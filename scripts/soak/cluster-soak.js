/**
 * `npm run soak:cluster [-- --seconds 600] [--kill-every 60] [--workers 3] [--seed 1]`: trains in several processes under
 * `mirrorscope launch --max-restarts`, and kills a random one again and again. Fails when the final weights are not
 * those of an undisturbed run, to the bit, when a process is left, or when the launcher or the workers of later starts
 * use more memory, handles or threads than those of the first. Needs dist/, TensorFlow and Linux.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { parentOf, sampleProcess } from './process-sample.js';

/** @import { ProcessSample } from './process-sample.js' */
/** @typedef {{ worker: string, result: string }} Result What a worker printed at its end. */

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    'kill-every': { type: 'string', default: '60' },
    workers: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
  },
});
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIN = join(ROOT, 'dist/cli/bin.js');
const WORKER = join(ROOT, 'scripts/soak/cluster-worker.js');
const WORKERS = Number(options.workers);
const STEPS_PER_EPOCH = 10;
/** After each step. A step itself takes some 15 ms. */
const WAIT_MS = 45;
const MS_PER_STEP = WAIT_MS + 15;
const epochs = Math.ceil((Number(options.seconds) * 1000) / MS_PER_STEP / STEPS_PER_EPOCH);
const KEPT_LINES = 60;
const GROWTH = { mb: 40, handles: 3, threads: 8 };

/** @type {Record<string, string | undefined>} */
const environment = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', MIRRORSCOPE_ENGINE: 'tensorflow' };
if (existsSync(join(ROOT, '.venv'))) environment['VIRTUAL_ENV'] = join(ROOT, '.venv');

/** A small generator of random numbers, so that a run can be repeated. */
let state = Number(options.seed);
const random = () => (state = (state * 48271) % 2147483647) / 2147483647;

/**
 * Runs the job.
 * @param {number} waitMs - How long to wait after each step.
 * @param {(line: string) => void} onLine - Called with each line of output.
 * @returns {Promise<{ code: number | null, results: Result[] }>} How it ended.
 */
async function runJob(waitMs, onLine) {
  const folder = mkdtempSync(join(tmpdir(), 'mirrorscope-soak-'));
  const launch = ['launch', '--workers', options.workers, '--max-restarts', '1000', '--grace', '5'];
  const child = spawn(process.execPath, [BIN, ...launch, WORKER, String(epochs), String(waitMs)], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  /** @type {Result[]} */
  const results = [];
  let rest = '';
  /** @param {Buffer} chunk - Some output. */
  const read = (chunk) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, worker, result] = /^\[worker (\d+)\] RESULT (\w+)/.exec(line) ?? [];
      if (worker !== undefined && result !== undefined) results.push({ worker, result });
      onLine(line);
    }
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  await once(child, 'close');
  rmSync(folder, { recursive: true, force: true });
  return { code: child.exitCode, results };
}

/** @type {string[]} */
const lastLines = [];
/** @param {string} line - A line to print should the soak fail. */
const remember = (line) => {
  lastLines.push(line);
  if (lastLines.length > KEPT_LINES) lastLines.shift();
};

const undisturbed = await runJob(0, remember);
const expected = undisturbed.results[0]?.result;
console.log(`Cluster soak: ${epochs * STEPS_PER_EPOCH} steps in ${WORKERS} processes; undisturbed: ${expected}`);

/** @type {Set<number>} */
const everyPid = new Set();
/** @type {Map<number, number>} */
const running = new Map();
/** @type {{ launcher: ProcessSample, workers: ProcessSample[] }[]} */
const starts = [];
let kills = 0;
const began = performance.now();
const timer = setInterval(
  () => {
    const workers = [...running];
    const [worker, pid] = workers[Math.floor(random() * workers.length)] ?? [];
    // Every start makes some progress.
    if (pid === undefined || starts.at(-1)?.workers.length !== WORKERS) return;
    console.log(`  ${((performance.now() - began) / 1000).toFixed(0)} s: kill -9 worker ${worker}`);
    kills++;
    process.kill(pid, 'SIGKILL');
  },
  Number(options['kill-every']) * 1000,
);

const disturbed = await runJob(WAIT_MS, (line) => {
  const [, worker = '', kind, value = ''] = /^\[worker (\d+)\] (PID|SAMPLE) (.*)/.exec(line) ?? [];
  if (kind === 'PID') {
    running.set(Number(worker), Number(value));
    everyPid.add(Number(value));
    if (running.size < WORKERS) return;
    starts.push({ launcher: sampleProcess(parentOf(Number(value))), workers: [] });
  } else if (kind === 'SAMPLE') {
    const sample = /** @type {unknown} */ (JSON.parse(value));
    starts.at(-1)?.workers.push(/** @type {ProcessSample} */ (sample));
  } else if (/^mirrorscope: Restart/.test(line)) running.clear();
  else remember(line);
});
clearInterval(timer);
const minutes = (performance.now() - began) / 60_000;
const left = [...everyPid].filter((pid) => existsSync(`/proc/${pid}`)).length;

/** @param {readonly ProcessSample[]} samples - Of the processes of one start. */
const mean = (samples) => {
  /** @param {keyof ProcessSample} key - What to add up. */
  const of = (key) => samples.reduce((sum, sample) => sum + sample[key], 0) / samples.length;
  return { mb: of('mb'), handles: of('handles'), threads: of('threads') };
};
/** @param {ProcessSample} sample - What to print. */
const words = ({ mb, handles, threads }) =>
  `${mb.toFixed(0)} MB, ${handles.toFixed(0)} handles, ${threads.toFixed(0)} threads`;
const whole = starts.filter(({ workers }) => workers.length === WORKERS);
const [first, last] = [whole[0], whole.at(-1)];
/** @type {string[]} */
const grown = [];
if (first !== undefined && last !== undefined) {
  /** @type {[string, ProcessSample, ProcessSample][]} */
  const compared = [
    ['launcher', first.launcher, last.launcher],
    ['workers (mean)', mean(first.workers), mean(last.workers)],
  ];
  for (const [name, before, after] of compared) {
    console.log(`  ${name}: first start ${words(before)}; last start ${words(after)}`);
    for (const [key, allowed] of Object.entries(GROWTH)) {
      const place = /** @type {keyof ProcessSample} */ (key);
      if (after[place] - before[place] > allowed) grown.push(`${name} ${key}`);
    }
  }
}
// A worker that is killed after its last step has printed its result already, and prints it again after the restart.
const ended = new Set(disturbed.results.map(({ worker }) => worker));
const isWhole = disturbed.code === 0 && ended.size === WORKERS && expected !== undefined;
const isEqual = isWhole && disturbed.results.every(({ result }) => result === expected);
console.log(
  `  ${minutes.toFixed(1)} minutes, ${kills} kills, ${starts.length - 1} restarts; results ${disturbed.results.map(({ result }) => result).join(', ')}: ` +
    `${isEqual ? 'equal to the bit' : 'NOT equal'}; ${left} processes left`,
);
const isFlat = whole.length > 1 && grown.length === 0;
console.log(isFlat ? '  flat' : `  NOT flat: ${grown.join(', ') || 'too few starts'}`);
const isGood = isEqual && isFlat && left === 0 && kills > 0;
if (!isGood) for (const line of lastLines) console.log(`    ${line}`);
process.exitCode = isGood ? 0 : 1;
