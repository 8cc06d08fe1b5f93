/**
 * `npm run bench -- scan [--files 6000] [--rounds 5]`: `mirrorscope check` over one tree of source files, against
 * `rg -l` for the same literals and against jscodeshift running the same migrations with the same pre-filter.
 * Whole processes, interleaved, medians. Needs dist/; without `rg` on the path that side is left out.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { makeTree } from './make-tree.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { LANGUAGES } = await import('../../dist/codemods/registry.js');
const { createNeedleSearch } = await import('../../dist/scan/needle-search.js');
const require = createRequire(import.meta.url);

const { values } = parseArgs({
  options: { files: { type: 'string', default: '6000' }, rounds: { type: 'string', default: '5' } },
});
const ROUNDS = Number(values.rounds);
const RIPGREP_GOAL = 10;
const JSCODESHIFT_GOAL = 5;

const javascript = LANGUAGES.find(({ language }) => language === 'javascript');
const needles = [...new Set(javascript.migrations.flatMap((migration) => migration.needles))];

function contenders(tree) {
  const suffixes = javascript.extensions.map((extension) => extension.slice(1));
  return new Map([
    ['mirrorscope check', [process.execPath, [path.join(root, 'dist/cli/bin.js'), 'check', tree, '--format', 'json']]],
    [
      'rg -l',
      ['rg', ['-l', '-F', ...needles.flatMap((needle) => ['-e', needle]), '-g', `*.{${suffixes.join(',')}}`, tree]],
    ],
    [
      'jscodeshift',
      [
        process.execPath,
        [
          require.resolve('jscodeshift/bin/jscodeshift.js'),
          '-t',
          path.join(root, 'dist/codemods/jscodeshift.js'),
          '--dry',
          '--no-babel',
          `--extensions=${suffixes.join(',')}`,
          tree,
        ],
      ],
    ],
  ]);
}

const hasRipgrep = spawnSync('rg', ['--version']).status === 0;
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

/** Milliseconds of one whole process, which must have found what there is. */
function timed(name, [command, words], legacyFiles) {
  const start = performance.now();
  const { status, error, stdout, stderr } = spawnSync(command, words, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const milliseconds = performance.now() - start;
  if (error !== undefined || status === null || status > 1)
    throw new Error(`${name} ended with ${status}: ${error ?? stderr}`);
  const found = FOUND.get(name)(stdout);
  if (found !== legacyFiles)
    throw new Error(
      `${name} found ${found} files instead of ${legacyFiles}: ${stdout.slice(-500)}${stderr.slice(-500)}`,
    );
  return milliseconds;
}

/** How many files each side says it found. */
const FOUND = new Map([
  ['mirrorscope check', (output) => JSON.parse(output).files.length],
  ['rg -l', (output) => output.split('\n').filter((line) => line !== '').length],
  ['jscodeshift', (output) => Number(/(\d+) ok/.exec(output)?.[1])],
]);

function measure(title, legacyFiles) {
  const tree = mkdtempSync(path.join(tmpdir(), 'mirrorscope-bench-'));
  try {
    const isLegacy = createNeedleSearch(needles);
    const { files, bytes } = makeTree({
      packages: path.join(root, 'node_modules'),
      target: tree,
      count: Number(values.files),
      legacyFiles,
      isLegacy,
    });
    console.log(`\n${title}: ${files} files, ${(bytes / 1e6).toFixed(0)} MB, ${legacyFiles} with legacy uses`);
    const sides = [...contenders(tree)].filter(([name]) => hasRipgrep || name !== 'rg -l');
    const samples = new Map(sides.map(([name]) => [name, []]));
    // The first round warms the disk cache and is not counted.
    for (let round = -1; round < ROUNDS; round++) {
      for (const [name, command] of sides) {
        const sample = timed(name, command, legacyFiles);
        if (round >= 0) samples.get(name).push(sample);
      }
    }
    const medians = new Map([...samples].map(([name, list]) => [name, median(list)]));
    for (const [name, milliseconds] of medians)
      console.log(`  ${name.padEnd(18)} ${milliseconds.toFixed(0).padStart(6)} ms`);
    const ours = medians.get('mirrorscope check');
    if (hasRipgrep)
      verdict(
        'times as long as rg -l',
        ours / medians.get('rg -l'),
        (ratio) => ratio <= RIPGREP_GOAL,
        `at most ${RIPGREP_GOAL}`,
      );
    else console.log('  rg is not on the path: install ripgrep to compare with it');
    verdict(
      'times faster than jscodeshift',
      medians.get('jscodeshift') / ours,
      (ratio) => ratio >= JSCODESHIFT_GOAL,
      `at least ${JSCODESHIFT_GOAL}`,
    );
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

function verdict(words, ratio, isReached, goal) {
  console.log(`  ${ratio.toFixed(1)} ${words} (goal: ${goal}; ${isReached(ratio) ? 'reached' : 'missed'})`);
}

measure('A tree with nothing left to migrate', 0);
measure('A tree with some files left', 20);
