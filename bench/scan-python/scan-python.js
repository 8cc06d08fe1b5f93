/**
 * `npm run bench -- scan-python [--rounds 3] [--libcst-files 300] [folder]`: `mirrorscope check` over the installed
 * Python packages, against `rg -l` for the same literals and against LibCST's codemod runner with an equal visitor. Needles are
 * conditions (`keras` and `lr` as words, …); rg gets every literal in them, as one alternation, which is what it can express.
 * Whole processes, interleaved, medians. Needs dist/ and .venv; without `rg` or `libcst` that side is left out.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { LANGUAGES } = await import('../../dist/codemods/registry.js');
const { literalsOf } = await import('../../dist/codemods/needle.js');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, 'libcst-files': { type: 'string', default: '300' } },
});
const PYTHON = process.env.MIRRORSCOPE_PYTHON ?? path.join(ROOT, '.venv/bin/python');
const ROUNDS = Number(values.rounds);

function sitePackages() {
  const library = path.join(path.dirname(path.dirname(PYTHON)), 'lib');
  return path.join(
    library,
    readdirSync(library).find((name) => name.startsWith('python3')),
    'site-packages',
  );
}

function time(command, args, options = {}) {
  const start = performance.now();
  const { error, status, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (error !== undefined) throw error;
  return { ms: performance.now() - start, status, stderr };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** The first files of the packages that hold a needle: LibCST parses every file it is given, so it gets fewer. */
function sample(folder, count, target) {
  const copied = [];
  const visit = (current) => {
    for (const entry of readdirSync(current, { withFileTypes: true })) {
      if (copied.length === count) return;
      const file = path.join(current, entry.name);
      if (entry.isDirectory()) visit(file);
      else if (entry.name.endsWith('.py')) {
        const copy = path.join(target, `${copied.length}-${entry.name}`);
        cpSync(file, copy);
        copied.push(copy);
      }
    }
  };
  visit(folder);
  return copied.length;
}

const folder = path.resolve(positionals[0] ?? sitePackages());
const needles = literalsOf(
  LANGUAGES.filter(({ language }) => language === 'python').flatMap(({ migrations }) =>
    migrations.flatMap((migration) => migration.needles),
  ),
);
const hasRipgrep = spawnSync('rg', ['--version']).error === undefined;
const hasLibcst = existsSync(PYTHON) && spawnSync(PYTHON, ['-c', 'import libcst']).status === 0;
const scratch = mkdtempSync(path.join(tmpdir(), 'mirrorscope-bench-'));
const sampled = path.join(scratch, 'sample');
mkdirSync(sampled);
const sampleSize = sample(folder, Number(values['libcst-files']), sampled);

const check = (where) =>
  time(
    process.execPath,
    [
      path.join(ROOT, 'dist/cli/bin.js'),
      'check',
      '--no-ignore',
      '--format',
      'json',
      '--output',
      path.join(scratch, 'report.json'),
      '.',
    ],
    { cwd: where },
  );
const ripgrep = () =>
  time('rg', [
    '-l',
    '-F',
    '--no-ignore',
    '-g',
    '*.py',
    '-g',
    '*.ipynb',
    ...needles.flatMap((needle) => ['-e', needle]),
    folder,
  ]);
const libcst = () =>
  time(
    PYTHON,
    ['-m', 'libcst.tool', 'codemod', '-x', 'equal_visitor.FindCalls', '--jobs', '2', '--hide-progress', sampled],
    { cwd: fileURLToPath(new URL('./', import.meta.url)) },
  );

const times = { all: [], rg: [], sample: [], libcst: [] };
for (let round = 0; round < ROUNDS; round++) {
  times.all.push(check(folder).ms);
  if (hasRipgrep) {
    const { ms, status, stderr } = ripgrep();
    if (status !== 0) throw new Error(`rg failed: ${stderr}`);
    times.rg.push(ms);
  }
  if (hasLibcst) {
    times.sample.push(check(sampled).ms);
    times.libcst.push(libcst().ms);
  }
}
rmSync(scratch, { recursive: true, force: true });

console.log(`mirrorscope check over ${folder}: ${median(times.all).toFixed(0)} ms`);
if (hasRipgrep) {
  const ratio = median(times.all) / median(times.rg);
  console.log(
    `rg -l, the same literals: ${median(times.rg).toFixed(0)} ms; mirrorscope takes ${ratio.toFixed(1)} times as long (goal: 10 at most)`,
  );
} else console.log('rg is not installed: that side was left out');
if (hasLibcst) {
  const ratio = median(times.libcst) / median(times.sample);
  console.log(
    `LibCST's runner over ${sampleSize} of the files: ${median(times.libcst).toFixed(0)} ms; mirrorscope: ${median(times.sample).toFixed(0)} ms; ${ratio.toFixed(1)} times faster (goal: 20 at least)`,
  );
} else console.log('libcst is not installed in .venv: that side was left out');
