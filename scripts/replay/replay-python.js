/**
 * `npm run replay:python [-- --minutes N] [folder…]`: runs every Python migration on every Python file of the installed
 * packages, or of each folder as one project. Writes nothing there. Fails when a migration crashes, changes a file
 * without a legacy import, or writes what Python does not compile although it compiled the input. Needs dist/ and
 * .venv.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { migrateText } from '../../dist/codemods/engine.js';
import { createSourceFiles } from '../../dist/scan/source-files.js';

import { filesBelow } from './files-below.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '20' } },
});
const PYTHON = process.env.MIRRORSCOPE_PYTHON ?? path.join(ROOT, '.venv/bin/python');
const PYTHON_FILE = /\.(py|ipynb)$/;
const LEGACY_WORD = /multi_gpu_model|_generator\b|\blr\s*=|\.lr\b|experimental|contrib|keras/;
/** Prints the path of each file that does not compile. */
const COMPILE = `import sys
for path in sys.argv[1:]:
  try: compile(open(path, "rb").read(), path, "exec")
  except Exception as error: print(path, error)
`;
/** How many files one Python process compiles. */
const COMPILED_TOGETHER = 400;

/**
 * Lists the packages of the virtual environment.
 * @returns {string[]} Folders.
 */
function sitePackages() {
  const library = path.join(path.dirname(path.dirname(PYTHON)), 'lib');
  const version = existsSync(library) ? readdirSync(library).find((name) => name.startsWith('python3')) : undefined;
  if (version === undefined) throw new Error('There is no .venv beside package.json: run npm run setup.');
  const folder = path.join(library, version, 'site-packages');
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/dist-info|__pycache__/.test(entry.name))
    .map((entry) => path.join(folder, entry.name));
}

/**
 * Reads a file.
 * @param {string} file - Path.
 * @returns {string | undefined} Its text, or undefined when it is not UTF-8.
 */
function readText(file) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch {
    return undefined;
  }
}

const deadline = performance.now() + Number(values.minutes) * 60_000;
const replaysProjects = positionals.length > 0;
const folders = replaysProjects ? positionals.map((folder) => path.resolve(folder)) : sitePackages();
const scratch = mkdtempSync(path.join(tmpdir(), 'mirrorscope-replay-'));
const total = { packages: 0, files: 0, withLegacyWord: 0, changed: 0, violations: 0 };
/** How often each kind of finding occurs. @type {Map<string, number>} */
const findings = new Map();
/** Inputs and outputs to compile. @type {{ file: string, before: string, after: string }[]} */
const written = [];

for (const folder of folders) {
  const files = createSourceFiles();
  const filesBefore = total.files;
  for (const file of filesBelow(folder, PYTHON_FILE)) {
    if (performance.now() > deadline) throw new Error(`The replay did not end within ${values.minutes} minutes.`);
    const text = readText(file);
    if (text === undefined) continue;
    total.files++;
    if (LEGACY_WORD.test(text)) total.withLegacyWord++;
    const name = path.relative(folder, file).split(path.sep).join('/');
    const { error, findings: found, output } = await migrateText(name, text, { root: folder, files });
    if (error !== undefined && error.code !== 'SYNTAX') reportViolation(file, `${error.code}: ${error.message}`);
    for (const { migration, disposition, reason } of found) {
      const kind = `${migration}: ${disposition}${reason === undefined ? '' : ` (${reason})`}`;
      findings.set(kind, (findings.get(kind) ?? 0) + 1);
    }
    if (output === undefined) continue;
    total.changed++;
    if (!/\b(keras|tensorflow|tf)\b/.test(text)) reportViolation(file, 'changed without a legacy import');
    if (!file.endsWith('.py')) continue;
    const before = path.join(scratch, `${written.length}-before.py`);
    const after = path.join(scratch, `${written.length}-after.py`);
    writeFileSync(before, text);
    writeFileSync(after, output);
    written.push({ file, before, after });
  }
  if (total.files > filesBefore) total.packages++;
}

const paths = written.flatMap(({ before, after }) => [before, after]);
const uncompilable = new Set();
for (let start = 0; start < paths.length; start += COMPILED_TOGETHER) {
  const part = paths.slice(start, start + COMPILED_TOGETHER);
  const { stdout, error } = spawnSync(PYTHON, ['-c', COMPILE, ...part], { encoding: 'utf8' });
  if (error !== undefined) throw error;
  for (const line of stdout.split('\n')) if (line !== '') uncompilable.add(line.split(' ')[0]);
}
for (const { file, before, after } of written) {
  if (uncompilable.has(after) && !uncompilable.has(before)) reportViolation(file, 'the output does not compile');
}
rmSync(scratch, { recursive: true, force: true });

/**
 * Counts and prints a violation.
 * @param {string} file - Where it is.
 * @param {string} problem - What is wrong.
 */
function reportViolation(file, problem) {
  total.violations++;
  console.log(`  ${file}: ${problem}`);
}

console.log(
  `${total.packages} ${replaysProjects ? 'projects' : 'packages'}, ${total.files} files, ${total.withLegacyWord} with a legacy word, ` +
    `${total.changed} would change, ${total.violations} violations`,
);
for (const [kind, count] of [...findings].sort()) console.log(`  ${String(count).padStart(6)}  ${kind}`);
process.exitCode = total.violations > 0 ? 1 : 0;
