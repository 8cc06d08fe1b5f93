/**
 * `npm run soak:programs [-- --minutes 10] [--seed 1] [--only 'a fit'] [--allowed-growth-mb 60]`: random programs with
 * callbacks that throw, fits that overlap, replicas that fail, worker threads that end. Fails when memory, tensors,
 * handles or threads grow, or a program fails in another way than it should. Memory is judged twice: the resident set
 * coarsely, and what is in use by its slope against the programs that were run. Needs dist/ and TensorFlow.
 */
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { session } from '../../dist/runtime/backend/index.js';
import { MirroredStrategy } from '../../dist/runtime/index.js';
import { createRandom } from '../semantics/random.js';

import { memoryInUse } from './memory-in-use.js';
import { MemorySamples, sampleMemory } from './memory-samples.js';
import { ALLOWED_KB_PER_PROGRAM, isPlateau, kilobytesPerProgram } from './memory-trend.js';
import { PROGRAMS } from './random-programs.js';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
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

const programs = [...PROGRAMS].filter(([name]) => options.only === undefined || name === options.only);
const random = createRandom(Number(options.seed));
const strategy = new MirroredStrategy({ devices: 2, engine: 'tensorflow', seed: 1 });
/** @type {Map<string, number>} */
const counts = new Map();
let failures = 0;
let programsRun = 0;
/** @type {import('./memory-trend.js').MemoryPoint[]} */
const points = [];
/** The tensors that TensorFlow.js has left to the garbage collector, and still counts. */
let leftByTfjs = 0;

/** @param {(typeof programs)[number]} program - Runs it. */
async function run([name, program]) {
  counts.set(name, (counts.get(name) ?? 0) + 1);
  programsRun++;
  try {
    leftByTfjs += (await program(strategy, random)) ?? 0;
  } catch (error) {
    failures++;
    console.log(`  ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

/** @param {number} end - Runs programs until then, in milliseconds of `performance.now()`. */
async function runUntil(end) {
  while (performance.now() < end) await run(random.pick(programs));
}

/** Takes a sample without the tensors that only TensorFlow.js counts. */
async function sample() {
  const taken = await sampleMemory();
  points.push({ programs: programsRun, megabytes: memoryInUse() });
  return { ...taken, tensors: taken.tensors - leftByTfjs };
}

const total = Number(options.minutes) * 60_000;
const start = performance.now();
// Each program once, and then some: the first runs fill caches.
for (const program of programs) await run(program);
await runUntil(start + total / 5);
const samples = new MemorySamples(await sample());
const threads = [countThreads()];
for (let taken = 1; taken <= SAMPLES; taken++) {
  await runUntil(start + total / 5 + (total * 0.8 * taken) / SAMPLES);
  samples.add(await sample());
  threads.push(countThreads());
}

const { first, last, all } = samples;
const [firstThreads = 0] = threads;
const handles = all.map((taken) => taken.handles);
console.log(`Random programs: ${options.minutes} minutes, seed ${options.seed}, TensorFlow ${session.context.version}`);
for (const [name, count] of counts) console.log(`  ${count} × ${name}`);
console.log(`  ${samples.describeProcess()}`);
const slope = kilobytesPerProgram(points);
console.log(`  in use in MB, over time: ${points.map(({ megabytes }) => megabytes.toFixed(1)).join(' ')}`);
console.log(`  in use grows by ${slope.toFixed(0)} kB a program, of ${ALLOWED_KB_PER_PROGRAM} that it may`);
console.log(`  handles, over time: ${handles.join(' ')}`);
console.log(`  threads, over time: ${threads.join(' ')}`);
console.log(`  tensors ${first.tensors} → ${last.tensors}, without ${leftByTfjs} that TensorFlow.js's own loop left`);
/** @type {[string, boolean][]} */
const checks = [
  [`${failures} programs failed`, failures > 0],
  ['memory grew', samples.growth >= Number(options['allowed-growth-mb'])],
  // Systems other than Linux with glibc do not tell what is in use.
  [
    'memory in use grew with the programs, or too few of them ran to tell',
    !Number.isNaN(memoryInUse()) && !isPlateau(points),
  ],
  ['the number of tensors changed', last.tensors !== first.tensors],
  ['the number of handles grew', Math.max(...handles) - first.handles > ALLOWED_HANDLES],
  ['the number of threads grew', Math.max(...threads) - firstThreads > ALLOWED_THREADS],
];
const failed = checks.filter(([, hasFailed]) => hasFailed).map(([words]) => words);
console.log(failed.length === 0 ? '  flat' : `  NOT flat: ${failed.join('; ')}`);
process.exit(failed.length === 0 ? 0 : 1);
