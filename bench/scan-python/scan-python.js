/**
 * `npm run bench -- scan-python [--rounds 3] [--libcst-files 300] [folder]`: `mirrorscope check` over the installed
 * Python packages, against `rg -l` with the same literals and against LibCST's codemod runner with an equal visitor.
 * Our conditions combine words (`keras` and `lr`, say); rg cannot, so it gets every literal in them as an alternative.
 * Times whole processes and prints medians. Needs dist/ and .venv; without `rg` or `libcst` it leaves that side out.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { literalsOf } from '../../dist/codemods/needle.js';
import { LANGUAGES } from '../../dist/codemods/registry.js';
import { interleave } from '../interleave.js';

/** @import { Contender } from '../interleave.js' */

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, 'libcst-files': { type: 'string', default: '300' } },
});
const PYTHON = process.env.MIRRORSCOPE_PYTHON ?? path.join(ROOT, '.venv/bin/python');

/**
 * Locates the packages of the virtual environment.
 * @returns {string} The folder.
 */
function sitePackages() {
  const library = path.join(path.dirname(path.dirname(PYTHON)), 'lib');
  const version = readdirSync(library).find((name) => name.startsWith('python3'));
  if (version === undefined) throw new Error(`${library} holds no Python 3.`);
  return path.join(library, version, 'site-packages');
}

/**
 * Times one process.
 * @param {string} program - Executable to run.
 * @param {readonly string[]} parameters - Its arguments.
 * @param {string} [cwd] - Folder to run it in.
 * @returns {{ ms: number, status: number | null, stderr: string }} Milliseconds, exit code and error output.
 */
function time(program, parameters, cwd = process.cwd()) {
  const start = performance.now();
  const { error, status, stderr } = spawnSync(program, parameters, { encoding: 'utf8', maxBuffer: 1 << 28, cwd });
  if (error !== undefined) throw error;
  return { ms: performance.now() - start, status, stderr };
}

/**
 * Copies the first Python files of a folder. LibCST parses every file it gets, so it gets fewer.
 * @param {string} folder - Folder to copy from.
 * @param {number} count - How many files to copy at most.
 * @param {string} target - Folder to copy to.
 * @returns {number} How many files were copied.
 */
function copySample(folder, count, target) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
    .slice(0, count);
  for (const [index, { parentPath, name }] of files.entries())
    cpSync(path.join(parentPath, name), path.join(target, `${index}-${name}`));
  return files.length;
}

const folder = path.resolve(positionals[0] ?? sitePackages());
const python = LANGUAGES.filter(({ language }) => language === 'python');
const literals = literalsOf(python.flatMap(({ migrations }) => migrations.flatMap(({ needles }) => needles)));
const hasRipgrep = spawnSync('rg', ['--version']).error === undefined;
const hasLibcst = existsSync(PYTHON) && spawnSync(PYTHON, ['-c', 'import libcst']).status === 0;
const scratch = mkdtempSync(path.join(tmpdir(), 'mirrorscope-bench-'));
const sample = path.join(scratch, 'sample');
mkdirSync(sample);
const sampleSize = copySample(folder, Number(values['libcst-files']), sample);

/**
 * Runs `mirrorscope check`.
 * @param {string} where - Folder to check.
 * @returns {number} Milliseconds.
 */
function check(where) {
  const report = path.join(scratch, 'report.json');
  const parameters = ['check', '--no-ignore', '--format', 'json', '--output', report, '.'];
  return time(process.execPath, [path.join(ROOT, 'dist/cli/bin.js'), ...parameters], where).ms;
}

function ripgrep() {
  const patterns = literals.flatMap((literal) => ['-e', literal]);
  const { ms, status, stderr } = time('rg', [
    '-l',
    '-F',
    '--no-ignore',
    '-g',
    '*.py',
    '-g',
    '*.ipynb',
    ...patterns,
    folder,
  ]);
  if (status !== 0) throw new Error(`rg failed: ${stderr}`);
  return ms;
}

function libcst() {
  const parameters = ['codemod', '-x', 'equal_visitor.FindCalls', '--jobs', '2', '--hide-progress', sample];
  return time(PYTHON, ['-m', 'libcst.tool', ...parameters], import.meta.dirname).ms;
}

/** @type {Map<string, Contender>} */
const contenders = new Map([['all', () => check(folder)]]);
if (hasRipgrep) contenders.set('rg', ripgrep);
if (hasLibcst) contenders.set('sample', () => check(sample)).set('libcst', libcst);
const medians = await interleave(contenders, Number(values.rounds), { warmUp: false });
rmSync(scratch, { recursive: true, force: true });

/** @type {(name: string) => string} */
const shown = (name) => `${medians.of(name).toFixed(0)} ms`;
console.log(`mirrorscope check over ${folder}: ${shown('all')}`);
if (hasRipgrep) {
  const ratio = medians.of('all') / medians.of('rg');
  console.log(
    `rg -l, the same literals: ${shown('rg')}; mirrorscope takes ${ratio.toFixed(1)} times as long (goal: 10 at most)`,
  );
} else console.log('rg is not installed: that side was left out');
if (hasLibcst) {
  const ratio = medians.of('libcst') / medians.of('sample');
  console.log(
    `LibCST's runner over ${sampleSize} of the files: ${shown('libcst')}; mirrorscope: ${shown('sample')}; ` +
      `${ratio.toFixed(1)} times faster (goal: 20 at least)`,
  );
} else console.log('libcst is not installed in .venv: that side was left out');
