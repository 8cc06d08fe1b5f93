/**
 * `npm run fuzz:kernels [-- --calls 200] [--seed 1] [--kernels PATTERN] [--preload LIBRARY] [--report FILE]`: calls
 * every registered kernel wrongly in child processes: wrong numbers of inputs, types, shapes, sizes, disposed tensors,
 * odd attributes. Fails when a call ends a process, does not return, or throws an error that is not typed. Needs dist/
 * and TensorFlow.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { KERNEL_CATALOGUE } from '../../dist/runtime/backend/kernels/kernel-catalogue.js';

import { runWorker } from './run-worker.js';
import { validCalls } from './valid-calls.js';

/** @import { CallReport } from './run-worker.js' */

const { values: options } = parseArgs({
  options: {
    calls: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    kernels: { type: 'string', default: '' },
    // A library that the loader does not find is ignored.
    preload: { type: 'string', default: 'libc_malloc_debug.so.0' },
    report: { type: 'string' },
    'timeout-seconds': { type: 'string', default: '120' },
  },
});
const perKernel = Number(options.calls);
const kernels = [...Object.keys(KERNEL_CATALOGUE), 'Identity', 'makeTensor'].filter((name) =>
  new RegExp(options.kernels).test(name),
);
const calls = validCalls();
const unknown = kernels.filter((name) => name !== 'makeTensor' && !calls.has(name));
if (unknown.length > 0)
  throw new Error(`There is no valid call of ${unknown.join(', ')}: add one to more-calls-table.js.`);

/** @type {CallReport[]} */
const reports = [];
let next = 0;
while (next < perKernel * kernels.length) {
  const done = await runWorker({
    seed: options.seed,
    calls: options.calls,
    first: next,
    kernels,
    preload: options.preload,
    timeoutSeconds: Number(options['timeout-seconds']),
  });
  reports.push(...done.reports);
  next = done.next;
}

/** @param {string} outcome - An outcome. @returns {CallReport[]} The calls that had it. */
const having = (outcome) => reports.filter((report) => report.outcome === outcome);
console.log(`${kernels.length} kernels, ${reports.length} wrong calls, seed ${options.seed}`);
for (const outcome of ['typed', 'accepted', 'rejected by TensorFlow.js', 'untyped', 'signal', 'hang']) {
  console.log(`  ${outcome}: ${having(outcome).length}`);
}
for (const outcome of ['signal', 'hang', 'untyped']) {
  for (const { kernel, index, changes, error, message, stack } of having(outcome).slice(0, 40)) {
    console.log(`  ${outcome} ${kernel} #${index}: ${changes.join('; ')} -> ${error ?? ''} ${message ?? ''}`);
    if (stack !== undefined) console.log(`      ${stack}`);
  }
}
if (options.report !== undefined) writeFileSync(options.report, JSON.stringify(reports, null, 1));
process.exitCode = ['signal', 'hang', 'untyped'].every((outcome) => having(outcome).length === 0) ? 0 : 1;
