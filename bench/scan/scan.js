/**
 * `npm run bench -- scan [--files 6000] [--rounds 5]`: `mirrorscope check` over one tree of source files, against `rg
 * -l` with the same literals and against jscodeshift with the same migrations and the same prefilter. Times whole
 * processes and prints medians. Needs dist/; without `rg` on the path it leaves that side out.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { createNeedleSearch } from '../../dist/scan/needle-search.js';
import { interleave } from '../interleave.js';

import { NEEDLES, scanContenders } from './contenders.js';
import { makeTree } from './make-tree.js';

/** @import { ScanContender } from './contenders.js' */

const { values } = parseArgs({
  options: { files: { type: 'string', default: '6000' }, rounds: { type: 'string', default: '5' } },
});
const ROUNDS = Number(values.rounds);
const MAX_TIMES_RIPGREP = 10;
const MIN_TIMES_JSCODESHIFT = 5;
const hasRipgrep = spawnSync('rg', ['--version']).status === 0;

/**
 * Times one process, and checks that it found every file with legacy uses.
 * @param {string} name - Name of the contender.
 * @param {ScanContender} contender - What to run.
 * @param {number} legacyFiles - How many files it must find.
 * @returns {number} Milliseconds.
 * @throws {Error} When the process fails or finds another number of files.
 */
function time(name, { program, parameters, countFound }, legacyFiles) {
  const start = performance.now();
  const { status, error, stdout, stderr } = spawnSync(program, parameters, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const milliseconds = performance.now() - start;
  if (error !== undefined) throw error;
  if (status === null || status > 1) throw new Error(`${name} ended with ${status}: ${stderr}`);
  const found = countFound(stdout);
  if (found !== legacyFiles) {
    const output = `${stdout.slice(-500)}${stderr.slice(-500)}`;
    throw new Error(`${name} found ${found} files instead of ${legacyFiles}: ${output}`);
  }
  return milliseconds;
}

/**
 * Measures all contenders over a new tree, and prints the result.
 * @param {string} title - Heading.
 * @param {number} legacyFiles - How many files of the tree hold legacy uses.
 */
async function measure(title, legacyFiles) {
  const tree = mkdtempSync(path.join(tmpdir(), 'mirrorscope-bench-'));
  try {
    const { files, bytes } = makeTree({
      packages: fileURLToPath(new URL('../../node_modules', import.meta.url)),
      target: tree,
      count: Number(values.files),
      legacyFiles,
      isLegacy: createNeedleSearch(NEEDLES),
    });
    console.log(`\n${title}: ${files} files, ${(bytes / 1e6).toFixed(0)} MB, ${legacyFiles} with legacy uses`);
    const runs = [...scanContenders(tree, hasRipgrep)].map(
      ([name, contender]) => /** @type {const} */ ([name, () => time(name, contender, legacyFiles)]),
    );
    // The warm-up round fills the disk cache.
    const medians = await interleave(new Map(runs), ROUNDS);
    for (const [name, milliseconds] of medians.values)
      console.log(`  ${name.padEnd(18)} ${milliseconds.toFixed(0).padStart(6)} ms`);
    const ours = medians.of('mirrorscope check');
    if (hasRipgrep) {
      const ratio = ours / medians.of('rg -l');
      printRatio('times as long as rg -l', ratio, `at most ${MAX_TIMES_RIPGREP}`, ratio <= MAX_TIMES_RIPGREP);
    } else console.log('  rg is not on the path: install ripgrep to compare with it');
    const ratio = medians.of('jscodeshift') / ours;
    const goal = `at least ${MIN_TIMES_JSCODESHIFT}`;
    printRatio('times faster than jscodeshift', ratio, goal, ratio >= MIN_TIMES_JSCODESHIFT);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

/**
 * Prints a ratio beside its goal.
 * @param {string} meaning - What the ratio says.
 * @param {number} ratio - The ratio.
 * @param {string} goal - What it should be.
 * @param {boolean} isReached - Whether it is.
 */
function printRatio(meaning, ratio, goal, isReached) {
  console.log(`  ${ratio.toFixed(1)} ${meaning} (goal: ${goal}; ${isReached ? 'reached' : 'missed'})`);
}

await measure('A tree with nothing left to migrate', 0);
await measure('A tree with some files left', 20);
