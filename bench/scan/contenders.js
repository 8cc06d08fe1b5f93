/**
 * The programs that the benchmark compares, as command lines over one tree, and how many files each says it found.
 * Pure.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { literalsOf } from '../../dist/codemods/needle.js';
import { LANGUAGES } from '../../dist/codemods/registry.js';

/**
 * @typedef {object} ScanContender
 * @property {string} program - Executable to run.
 * @property {readonly string[]} parameters - Its arguments.
 * @property {(output: string) => number} countFound - Reads from its output how many files hold legacy uses.
 */

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const require = createRequire(import.meta.url);

/** Extensions of JavaScript files, without the dot. */
const SUFFIXES = LANGUAGES.filter(({ language }) => language === 'javascript').flatMap(({ extensions }) =>
  extensions.map((extension) => extension.slice(1)),
);

/** Conditions under which a file is worth parsing. */
export const NEEDLES = LANGUAGES.filter(({ language }) => language === 'javascript').flatMap(({ migrations }) =>
  migrations.flatMap(({ needles }) => needles),
);

/**
 * Counts the files in a JSON report.
 * @param {string} output - The report.
 * @returns {number} How many files it names.
 */
function countReported(output) {
  /** @type {unknown} */
  const report = JSON.parse(output);
  return /** @type {{ files: unknown[] }} */ (report).files.length;
}

/**
 * Lists the contenders.
 * @param {string} tree - Folder to scan.
 * @param {boolean} hasRipgrep - Whether `rg` can be run.
 * @returns {Map<string, ScanContender>} By name.
 */
export function scanContenders(tree, hasRipgrep) {
  /** @type {Map<string, ScanContender>} */
  const contenders = new Map();
  contenders.set('mirrorscope check', {
    program: process.execPath,
    parameters: [path.join(ROOT, 'dist/cli/bin.js'), 'check', tree, '--format', 'json'],
    countFound: countReported,
  });
  if (hasRipgrep) {
    const patterns = literalsOf(NEEDLES).flatMap((literal) => ['-e', literal]);
    contenders.set('rg -l', {
      program: 'rg',
      parameters: ['-l', '-F', ...patterns, '-g', `*.{${SUFFIXES.join(',')}}`, tree],
      countFound: (output) => output.split('\n').filter((line) => line !== '').length,
    });
  }
  const transform = path.join(ROOT, 'dist/codemods/jscodeshift.js');
  const runner = require.resolve('jscodeshift/bin/jscodeshift.js');
  contenders.set('jscodeshift', {
    program: process.execPath,
    parameters: [runner, '-t', transform, '--dry', '--no-babel', `--extensions=${SUFFIXES.join(',')}`, tree],
    countFound: (output) => Number(/(\d+) ok/.exec(output)?.[1]),
  });
  return contenders;
}
