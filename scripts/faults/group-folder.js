/** Makes folders with a group of files, and counts what became of them. Writes temporary folders. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { recoverGroups } from '../../dist/cli/write/recover-groups.js';
import { removeLeftovers } from '../../dist/cli/write/temporary-file.js';

/**
 * @typedef {object} Counts What became of the groups of a scenario.
 * @property {number} tried - How many groups there were.
 * @property {number} interrupted - How often the fault came before the end.
 * @property {number} lost - Groups with a file that is missing, or whose edit by another program is gone.
 * @property {number} torn - Groups of which some files have their old text and some the new one, or neither.
 * @property {number} leftOver - Groups with other files beside them after the next run.
 */

const NAMES = ['a.js', 'b.js', 'sub/c.js', 'sub/d.js'];
const FILLER = `\n// ${'x'.repeat(20_000)}\n`;

/** @returns {Counts} */
export function emptyCounts() {
  return { tried: 0, interrupted: 0, lost: 0, torn: 0, leftOver: 0 };
}

/** The text of a file of a group. @param {string} name @param {'old' | 'new'} state */
export function textOf(name, state) {
  return `${path.basename(name, '.js')} ${state}${FILLER}`;
}

/**
 * Makes a folder with files that have their old text.
 * @param {string} [parent] - Where to make it.
 */
export function makeFolder(parent = tmpdir()) {
  const root = realpathSync(mkdtempSync(path.join(parent, 'mirrorscope-faults-')));
  mkdirSync(path.join(root, 'sub'));
  for (const name of NAMES) writeFileSync(path.join(root, name), textOf(name, 'old'));
  return root;
}

/** The files to write. @param {string} root */
export function writesIn(root) {
  return NAMES.map((name) => ({
    absolutePath: path.join(root, name),
    original: textOf(name, 'old'),
    output: textOf(name, 'new'),
  }));
}

/**
 * Does what the next run does before it scans and writes, and counts what is there then.
 * @param {string} root - The folder; it is removed.
 * @param {Counts} counts - Where to count.
 * @param {ReadonlyMap<string, string>} [edits] - What other programs have written into files meanwhile.
 */
export function countOutcome(root, counts, edits = new Map()) {
  const folders = [root, path.join(root, 'sub')];
  recoverGroups(folders);
  removeLeftovers(folders);
  counts.tried++;
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name !== 'sub');
  const texts = NAMES.map((name) => (found.includes(name) ? readFileSync(path.join(root, name), 'utf8') : undefined));
  const isLost =
    texts.includes(undefined) || NAMES.some((name, index) => edits.has(name) && edits.get(name) !== texts[index]);
  if (isLost) counts.lost++;
  const states = NAMES.flatMap((name, index) => (edits.has(name) ? [] : [stateOf(name, texts[index])]));
  if (new Set(states).size > 1 || states.includes('torn')) counts.torn++;
  if (found.some((name) => !NAMES.includes(name))) counts.leftOver++;
  rmSync(root, { recursive: true, force: true });
}

/** @param {string} name @param {string | undefined} text */
function stateOf(name, text) {
  if (text === textOf(name, 'old')) return 'old';
  return text === textOf(name, 'new') ? 'new' : 'torn';
}
