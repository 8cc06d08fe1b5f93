/**
 * `npm run replay:contact -- [--round N] [--keep FOLDER] CHECKOUTS`: migrates a copy of each repository of
 * contact-repositories-table.js with the command line, and prints how many live calls are left and why. You bring the
 * checkouts, as CHECKOUTS/owner+name. Fails when a file cannot be migrated, or compiled before and does not afterwards.
 * --keep keeps the migrated copies, to read their diffs. Needs dist/ and .venv.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { CONTACT_REPOSITORIES } from './contact-repositories-table.js';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(HERE, '..', '..');
const PYTHON = process.env.MIRRORSCOPE_PYTHON ?? path.join(ROOT, '.venv/bin/python');
/** Prints each file of the second folder that compiles in the first one only. */
const COMPILE = `import os, sys, warnings
warnings.simplefilter("ignore")
def compiles(path):
  try: compile(open(path, "rb").read(), path, "exec"); return True
  except Exception: return False
before, after = sys.argv[1:]
for parent, _, names in os.walk(after):
  for name in names:
    new = os.path.join(parent, name)
    old = os.path.join(before, os.path.relpath(new, after))
    if name.endswith(".py") and not compiles(new) and compiles(old): print(new)
`;

/**
 * @typedef {object} Finding The part of a finding that is printed.
 * @property {string} migration
 * @property {string} disposition
 * @property {string} [reason]
 * @property {string} message
 * @property {{ line: number }} start
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { round: { type: 'string' }, keep: { type: 'string' } },
});
const [checkouts] = positionals;
if (checkouts === undefined) throw new Error('Name the folder with the checkouts: npm run replay:contact -- FOLDER');

/**
 * Runs a program and returns what it printed.
 * @param {string} program - What to run.
 * @param {string[]} parameters - Its arguments.
 * @param {string} [cwd] - Where to run it.
 * @param {number} [highestStatus] - The highest exit status that is no failure.
 */
function run(program, parameters, cwd = ROOT, highestStatus = 1) {
  const { stdout, stderr, error, status } = spawnSync(program, parameters, { cwd, encoding: 'utf8', maxBuffer: 1e9 });
  if (error !== undefined) throw error;
  if (status === null || status > highestStatus)
    throw new Error(`${program} ${parameters.join(' ')} failed: ${stderr}`);
  return stdout;
}

/**
 * Parses JSON of a known shape.
 * @param {string} text - The text.
 * @returns {unknown} What it says.
 */
function parseJson(text) {
  return JSON.parse(text);
}

/**
 * Counts the live calls below a folder.
 * @param {string} folder - Where to look.
 * @returns {number} How many there are.
 */
function countWraps(folder) {
  const counts = /** @type {Record<string, Record<string, number>>} */ (
    parseJson(run(PYTHON, [path.join(HERE, 'count_wraps.py'), folder]))
  );
  return Object.values(counts[folder] ?? {}).reduce((sum, calls) => sum + calls, 0);
}

const kept = values.keep === undefined ? mkdtempSync(path.join(tmpdir(), 'mirrorscope-contact-')) : values.keep;
mkdirSync(kept, { recursive: true });
const total = { repositories: 0, calls: 0, left: 0, violations: 0 };
const chosen = CONTACT_REPOSITORIES.filter(({ round }) => values.round === undefined || round === Number(values.round));
for (const { name } of chosen) {
  const folder = name.replace('/', '+');
  const before = path.resolve(checkouts, folder);
  if (!existsSync(before)) {
    console.log(`${name}: no checkout`);
    continue;
  }
  const after = path.join(kept, folder);
  rmSync(after, { recursive: true, force: true });
  cpSync(before, after, { recursive: true });
  const reportFile = path.join(kept, `${folder}.json`);
  const migrate = [
    'migrate',
    '--write',
    '--no-ignore',
    '--allow-dirty',
    '--format',
    'json',
    '--output',
    reportFile,
    '.',
  ];
  run(process.execPath, [path.join(ROOT, 'dist/cli/bin.js'), ...migrate], after, 2);
  const { files } = /** @type {{ files: { path: string, findings: Finding[], error?: { message: string } }[] }} */ (
    parseJson(readFileSync(reportFile, 'utf8'))
  );
  const calls = countWraps(before);
  const left = countWraps(after);
  console.log(`${name}: ${calls} calls, ${calls - left} migrated`);
  for (const { path: file, error } of files) {
    if (error === undefined) continue;
    total.violations++;
    console.log(`  ${file} failed: ${error.message}`);
  }
  for (const file of files)
    for (const { migration, disposition, reason, message, start } of file.findings)
      if (migration === 'multi-gpu-model' && disposition === 'refuse')
        console.log(`  ${file.path}:${start.line} ${reason}: ${message}`);
  for (const broken of run(PYTHON, ['-c', COMPILE, before, after]).split('\n').filter(Boolean)) {
    total.violations++;
    console.log(`  ${broken} does not compile`);
  }
  total.repositories++;
  total.calls += calls;
  total.left += left;
}
if (values.keep === undefined) rmSync(kept, { recursive: true, force: true });
const migrated = total.calls - total.left;
const share = total.calls === 0 ? 0 : Math.round((100 * migrated) / total.calls);
console.log(
  `${total.repositories} repositories, ${total.calls} calls, ${migrated} migrated (${share}%), ` +
    `${total.violations} violations`,
);
process.exitCode = total.violations > 0 ? 1 : 0;
