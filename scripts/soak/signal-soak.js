/**
 * `npm run soak:signals [-- --runs 200] [--load 8] [--together 1]`: trains many times while signals arrive at every
 * thread of the process, beside processes that keep the machine busy; `--together` says how many train at a time.
 * Fails when a run ends by a signal, computes other losses, or has a thread of TensorFlow that does not block signals.
 * Needs dist/ and TensorFlow on Linux.
 */
import { execFile, spawn } from 'node:child_process';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    load: { type: 'string', default: '8' },
    together: { type: 'string', default: '1' },
  },
});
const program = fileURLToPath(new URL('train-under-signals.js', import.meta.url));
/** Computes until its parent is gone, so that none is left should this process be killed. */
const COMPUTE = 'const { ppid } = process; while (process.ppid === ppid) for (let i = 0; i < 1e8; i++);';
const busy = Array.from({ length: Number(options.load) }, () =>
  spawn(process.execPath, ['-e', COMPUTE], { stdio: 'ignore' }),
);

/** @typedef {{ signals: number, unblocked: string[] }} Told What a run prints. */

/**
 * Trains once in a process of its own.
 * @returns {Promise<{ isGood: boolean, signals: number, words: string }>} Whether all went well, and what happened.
 */
function trainOnce() {
  return new Promise((resolve) => {
    execFile(process.execPath, [program], { timeout: 300_000 }, (error, stdout, stderr) => {
      const parsed = /** @type {unknown} */ (JSON.parse(stdout === '' ? '{"signals":0,"unblocked":[]}' : stdout));
      const { signals, unblocked } = /** @type {Told} */ (parsed);
      const words = `status ${String(error?.code)}, signal ${String(error?.signal)} ${stdout}${stderr.slice(-600)}`;
      resolve({ isGood: error === null && unblocked.length === 0, signals, words });
    });
  });
}

let started = 0;
let ended = 0;
let failures = 0;
let signals = 0;
let leastLoad = Infinity;
const began = performance.now();

/** Trains again and again, until all have begun. */
async function train() {
  while (started < Number(options.runs)) {
    const run = started++;
    const told = await trainOnce();
    ended++;
    signals += told.signals;
    // The average of a minute, which the first runs do not fill.
    const load = loadavg()[0] ?? NaN;
    if (performance.now() - began > 120_000) leastLoad = Math.min(leastLoad, load);
    if (!told.isGood) {
      failures++;
      console.log(`  run ${run}: ${told.words}`);
    }
    if (ended % 20 !== 0) continue;
    console.log(`  ${ended} runs, ${signals} signals handled, ${failures} failures; load ${load.toFixed(1)}`);
  }
}

try {
  await Promise.all(Array.from({ length: Number(options.together) }, train));
} finally {
  for (const each of busy) each.kill();
}
const minutes = (performance.now() - began) / 60_000;
console.log(
  `Signals: ${options.runs} runs beside a load of ${options.load} in ${minutes.toFixed(1)} minutes: ` +
    `${signals} signals handled, ${failures} failures; load average of the machine ${leastLoad.toFixed(1)} or more`,
);
process.exitCode = failures === 0 ? 0 : 1;
