/**
 * `npm run fuzz -- [--count N] [--seconds S] [--seed N] [--from N] [--keep FOLDER] [FOLDER…]`: migrates and lints texts
 * made from the fixtures, and from the source files below the folders, by random changes. Ends after N inputs or S
 * seconds. Prints, by kind, what must never happen: a crash, a hang, a write outside the folder; and, for texts that
 * their language accepts, an output that a second run changes again or that the language rejects, or a lost comment.
 * Fails if there is any. Needs dist/.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { findPython } from '../../dist/verify/python-interpreter.js';
import { verifyCompile } from '../../dist/verify/verify-compile.js';

import { FuzzThread } from './fuzz-thread.js';
import { seedFiles } from './seed-files.js';
import { shrinkInput } from './shrink-input.js';
import { signatureOf } from './signature.js';

/** @import { Problem } from './check-input.js' */
/** @import { FuzzInput } from './make-input.js' */

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const KINDS = /** @type {const} */ (['crash', 'hang', 'unstable', 'rejected', 'lost comment', 'outside']);
/** Python starts once for so many outputs. */
const PYTHON_BATCH = 400;
const PROGRESS_MILLISECONDS = 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '3600' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '1' },
    keep: { type: 'string' },
    python: { type: 'string' },
  },
});
const seed = Number(values.seed);
const seeds = seedFiles([path.join(ROOT, 'fixtures'), ...positionals.map((folder) => path.resolve(folder))]);
const python = pythonOrUndefined();
const thread = new FuzzThread({ seeds, seed });
const counts = { inputs: 0, changed: 0, failed: 0, compiled: 0 };
/** @type {Map<string, number>} */
const found = new Map(KINDS.map((kind) => [kind, 0]));
/** @type {Map<string, FuzzInput>} */
const distinct = new Map();
/** @type {{ input: FuzzInput, output: string }[]} */
let outputs = [];
const started = Date.now();
let nextProgress = started + PROGRESS_MILLISECONDS;

function pythonOrUndefined() {
  try {
    return findPython({ python: values.python, root: ROOT, environment: process.env });
  } catch {
    return undefined;
  }
}

/**
 * Whether a problem only counts for texts that their language accepts. Nothing may crash, hang or write elsewhere.
 * @param {Problem} problem
 */
function isPromiseForValidTexts({ kind }) {
  return kind === 'unstable' || kind === 'rejected' || kind === 'lost comment';
}

/** @param {FuzzInput} input */
function isPython({ name }) {
  return /\.(?:py|ipynb)$/.test(name);
}

/**
 * Counts a problem, and shows the first of its signature with the smallest text that still has it.
 * @param {Problem} problem
 * @param {FuzzInput} input
 */
async function record(problem, input) {
  if (isPromiseForValidTexts(problem) && isPython(input) && !(await compiles(input.name, input.text))) return;
  found.set(problem.kind, (found.get(problem.kind) ?? 0) + 1);
  const signature = signatureOf(problem);
  if (distinct.has(signature)) return;
  distinct.set(signature, input);
  const small =
    problem.kind === 'hang' || problem.kind === 'outside' ? input : await shrinkInput(input, problem, thread, compiles);
  console.log(`\n${problem.kind}: ${problem.detail}\n  ${input.story}${input.mark ? ', with marks' : ''}`);
  console.log(
    small.text
      .split('\n')
      .slice(0, 40)
      .map((line) => `  | ${line}`)
      .join('\n'),
  );
  if (values.keep === undefined) return;
  mkdirSync(values.keep, { recursive: true });
  const name = `${problem.kind.replace(' ', '-')}-${distinct.size}`;
  writeFileSync(path.join(values.keep, `${name}${path.extname(input.name)}`), small.text);
  writeFileSync(path.join(values.keep, `${name}.full${path.extname(input.name)}`), input.text);
}

/**
 * Whether Python accepts a text; true without Python.
 * @param {string} name
 * @param {string} text
 */
async function compiles(name, text) {
  return python === undefined || (await verifyCompile([{ path: name, text }], python)).length === 0;
}

/** Compiles the outputs, and the inputs of those that fail: what Python never accepted may stay so. */
async function compileOutputs() {
  const batch = outputs;
  outputs = [];
  if (python === undefined || batch.length === 0) return;
  const named = (/** @type {FuzzInput} */ { name }, /** @type {number} */ index) => `${index}/${name}`;
  const failures = await verifyCompile(
    batch.map(({ input, output }, index) => ({ path: named(input, index), text: output })),
    python,
  );
  counts.compiled += batch.length;
  for (const { path: failed, message } of failures) {
    const { input } = batch[Number.parseInt(failed, 10)] ?? {};
    if (input !== undefined && (await compiles(input.name, input.text)))
      await record({ kind: 'rejected', detail: `Python: ${message}` }, input);
  }
}

function summary() {
  const seconds = Math.round((Date.now() - started) / 1000);
  const kinds = [...found].map(([kind, count]) => `${kind} ${count}`).join(', ');
  return `${counts.inputs} inputs in ${seconds} s (${counts.changed} changed, ${counts.failed} failed, ${counts.compiled} compiled by Python): ${kinds}; ${distinct.size} distinct`;
}

console.log(`${seeds.length} files to start from, seed ${seed}${python === undefined ? ', without Python' : ''}`);
const first = Number(values.from);
for (let number = first; number < first + Number(values.count); number++) {
  if (Date.now() - started > Number(values.seconds) * 1000) break;
  const { input, checked } = await thread.check(number);
  counts.inputs++;
  if (checked.status === 'changed') counts.changed++;
  if (checked.status === 'failed') counts.failed++;
  for (const problem of checked.problems) await record(problem, input);
  if (checked.output !== undefined && /\.(?:py|ipynb)$/.test(input.name))
    outputs.push({ input, output: checked.output });
  if (outputs.length >= PYTHON_BATCH) await compileOutputs();
  if (Date.now() > nextProgress) {
    nextProgress += PROGRESS_MILLISECONDS;
    console.log(summary());
  }
}
await compileOutputs();
await thread.end();
console.log(summary());
if ([...found.values()].some((count) => count > 0)) process.exitCode = 1;
