/**
 * `npm run soak:signals [-- --runs 200] [--load 8]`: trains many times while signals arrive at every thread of the
 * process, beside processes that keep the machine busy. Fails when a run ends by a signal, computes other losses, or
 * has a thread of TensorFlow that does not block signals. Needs dist/ and TensorFlow on Linux.
 */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: { runs: { type: 'string', default: '200' }, load: { type: 'string', default: '8' } },
});
const program = fileURLToPath(new URL('train-under-signals.js', import.meta.url));
/** Computes until its parent is gone, so that none is left should this process be killed. */
const COMPUTE = 'const { ppid } = process; while (process.ppid === ppid) for (let i = 0; i < 1e8; i++);';
const busy = Array.from({ length: Number(options.load) }, () =>
  spawn(process.execPath, ['-e', COMPUTE], { stdio: 'ignore' }),
);

let failures = 0;
let signals = 0;
const began = performance.now();
try {
  for (let run = 0; run < Number(options.runs); run++) {
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, [program], {
      encoding: 'utf8',
      timeout: 300_000,
    });
    const parsed = /** @type {unknown} */ (JSON.parse(stdout === '' ? '{"signals":0,"unblocked":[]}' : stdout));
    const told = /** @type {{ signals: number, unblocked: string[] }} */ (parsed);
    signals += told.signals;
    if (run % 20 === 19) console.log(`  ${run + 1} runs, ${signals} signals handled, ${failures} failures`);
    if (status === 0 && told.unblocked.length === 0) continue;
    failures++;
    console.log(`  run ${run}: status ${String(status)}, signal ${String(signal)} ${stdout}${stderr.slice(-600)}`);
  }
} finally {
  for (const each of busy) each.kill();
}
const minutes = (performance.now() - began) / 60_000;
console.log(
  `Signals: ${options.runs} runs beside a load of ${options.load} in ${minutes.toFixed(1)} minutes: ` +
    `${signals} signals handled, ${failures} failures`,
);
process.exitCode = failures === 0 ? 0 : 1;
