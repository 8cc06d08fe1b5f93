/**
 * `npm run soak:programs [-- --minutes 10] [--seed 1] [--allowed-growth-mb 60]`: random programs with callbacks that
 * throw, fits that overlap, replicas that fail, worker threads that end. Fails when memory, tensors, handles or threads
 * grow, or a program fails in another way than it should. Needs dist/ and TensorFlow.
 */
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { session } from '../../dist/runtime/backend/index.js';
import { MirroredStrategy } from '../../dist/runtime/index.js';
import { createRandom } from '../semantics/random.js';

import { MemorySamples, sampleMemory } from './memory-samples.js';
import { PROGRAMS } from './random-programs.js';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    'allowed-growth-mb': { type: 'string', default: '60' },
  },
});
/** Threads of worker threads that are just ending, and of the thread pool. */
const ALLOWED_THREADS = 4;
const ALLOWED_HANDLES = 16;
const SAMPLES = 20;

/** @returns {number} The threads of the process; 0 where the system does not list them. */
function countThreads() {
  try {
    return readdirSync('/proc/self/task').length;
  } catch {
    return 0;
  }
}

const random = createRandom(Number(options.seed));
const strategy = new MirroredStrategy({ devices: 2, engine: 'tensorflow', seed: 1 });
/** @type {Map<string, number>} */
const counts = new Map();
let failures = 0;

/** @param {number} end - Runs programs until then, in milliseconds of `performance.now()`. */
async function runUntil(end) {
  while (performance.now() < end) {
    const name = random.pick([...PROGRAMS.keys()]);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    try {
      await PROGRAMS.get(name)?.(strategy, random);
    } catch (error) {
      failures++;
      console.log(`  ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
}

const total = Number(options.minutes) * 60_000;
const start = performance.now();
// Each program once, and then some: the first runs fill caches.
for (const program of PROGRAMS.values()) await program(strategy, random);
await runUntil(start + total / 5);
const samples = new MemorySamples(await sampleMemory());
const threads = [countThreads()];
for (let sample = 1; sample <= SAMPLES; sample++) {
  await runUntil(start + total / 5 + (total * 0.8 * sample) / SAMPLES);
  samples.add(await sampleMemory());
  threads.push(countThreads());
}

const { first, last } = samples;
const [firstThreads = 0] = threads;
console.log(`Random programs: ${options.minutes} minutes, seed ${options.seed}, TensorFlow ${session.context.version}`);
for (const [name, count] of counts) console.log(`  ${count} × ${name}`);
console.log(`  ${samples.describeProcess()}`);
console.log(`  ${samples.describeCounts()}`);
console.log(`  threads, over time: ${threads.join(' ')}`);
const isFlat =
  failures === 0 &&
  samples.growth < Number(options['allowed-growth-mb']) &&
  last.tensors === first.tensors &&
  Math.abs(last.handles - first.handles) <= ALLOWED_HANDLES &&
  Math.max(...threads) - firstThreads <= ALLOWED_THREADS;
console.log(isFlat ? '  flat' : `  NOT flat; ${failures} programs failed`);
process.exit(isFlat ? 0 : 1);
