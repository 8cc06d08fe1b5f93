/**
 * `npm run test:semantics [-- --count N] [--seed N] [--dist folder] [--shrink N]`: writes random programs that use
 * `multi_gpu_model`, migrates them, and trains each before and after on two logical devices. Fails when losses, weights
 * or predictions differ, or when a migrated program does not run. Needs dist/ and .venv.
 */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { runScripts } from '../../dist/verify/run-scripts.js';
import { compareRuns } from '../../dist/verify/verify-run.js';

import { checkPrograms } from './check-programs.js';
import { CHOICES } from './choices-table.js';
import { chooseProgram } from './choose.js';
import { shrink } from './shrink.js';

/** @import { Choices } from './choices-table.js' */
/** @import { Checked, Tools } from './check-programs.js' */

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    dist: { type: 'string', default: path.join(ROOT, 'dist') },
    shrink: { type: 'string', default: '5' },
    show: { type: 'boolean', default: false },
  },
});
const PYTHON = process.env.MIRRORSCOPE_PYTHON ?? path.join(ROOT, '.venv/bin/python');
/** How many programs are checked before the next line of progress. */
const BATCH = 100;

/**
 * Loads a build of mirrorscope.
 * @param {string} dist - Folder of the build.
 * @returns {Promise<Tools>} The parts that the check uses.
 */
async function loadTools(dist) {
  const load = (/** @type {string} */ file) =>
    /** @type {Promise<Tools>} */ (import(pathToFileURL(path.join(path.resolve(dist), file)).href));
  const { migrateText } = await load('codemods/engine.js');
  const { createSourceFiles } = await load('scan/source-files.js');
  return { migrateText, createSourceFiles, runScripts, compareRuns };
}

const tools = await loadTools(values.dist);
const check = (/** @type {readonly Choices[]} */ all) => checkPrograms(all, tools, PYTHON);
const [count, seed] = [Number(values.count), Number(values.seed)];
/** @type {Map<string, number>} */
const verdicts = new Map();
/** @type {Map<string, number>} */
const reasons = new Map();
/** @type {{ seed: number, checked: Checked }[]} */
const failures = [];
for (let start = 0; start < count; start += BATCH) {
  const seeds = Array.from({ length: Math.min(BATCH, count - start) }, (_, index) => seed + start + index);
  const all = await check(seeds.map(chooseProgram));
  all.forEach((checked, index) => {
    verdicts.set(checked.verdict, (verdicts.get(checked.verdict) ?? 0) + 1);
    if (checked.verdict === 'refused')
      for (const line of checked.message.split('\n').slice(0, 1)) {
        const reason = line.replace(/\(\S+\): /, '');
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
    if (checked.verdict === 'different' || checked.verdict === 'unusable')
      failures.push({ seed: seeds[index] ?? 0, checked });
  });
  console.log(
    `${start + seeds.length} programs: ${[...verdicts].map(([name, number]) => `${number} ${name}`).join(', ')}`,
  );
}
for (const [reason, number] of [...reasons].sort((a, b) => b[1] - a[1]))
  console.log(`${String(number).padStart(6)}  ${reason}`);
for (const [index, { seed: failed, checked }] of failures.entries()) {
  const smallest =
    index < Number(values.shrink) && checked.verdict === 'different' ? await shrink(checked, check) : checked;
  console.log(`\nseed ${failed}, ${checked.verdict}: ${different(smallest.choices)}\n${lastLines(smallest.message)}`);
  if (values.show && smallest.verdict === 'different')
    for (const [name, text] of smallest.before)
      console.log(`--- ${name}\n${text}\n+++ ${name}\n${smallest.after.get(name)}`);
}
process.exitCode = failures.length > 0 ? 1 : 0;

/**
 * @param {Choices} choices - Choices.
 * @returns {string} Those that are not the simplest.
 */
function different(choices) {
  return Object.entries(choices)
    .filter(([name, option]) => CHOICES[/** @type {keyof Choices} */ (name)][0] !== option)
    .map(([name, option]) => `${name}=${option}`)
    .join(' ');
}

/**
 * @param {string} message - A message, or a traceback.
 * @returns {string} Its first line and its last lines.
 */
function lastLines(message) {
  const lines = message.trimEnd().split('\n');
  return lines.length <= 8 ? lines.join('\n') : [lines[0], '…', ...lines.slice(-6)].join('\n');
}
