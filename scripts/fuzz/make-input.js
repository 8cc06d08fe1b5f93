/** Makes the inputs of the fuzzer: a seed file, changed a few times. The same number gives the same input. Pure. */
import { createRandom } from '../semantics/random.js';

import { MUTATIONS } from './mutations-table.js';

/** @import { Random } from '../semantics/random.js' */
/** @import { SeedFile } from './seed-files.js' */

/**
 * @typedef {object} FuzzInput One text to migrate.
 * @property {string} name - File name; its ending decides the language.
 * @property {string} text - The text.
 * @property {boolean} mark - Whether to leave marks.
 * @property {string} story - Which seed it came from, and how it was changed.
 */

const MAX_MUTATIONS = 4;
const LARGE_STEP = 0x9e3779b1;
const NAMES = [...MUTATIONS.keys()];

/**
 * Makes an input.
 * @param {readonly SeedFile[]} seeds - What to start from.
 * @param {number} seed - Seed of the run.
 * @param {number} number - Which input of the run.
 * @returns {FuzzInput} The input.
 */
export function makeInput(seeds, seed, number) {
  const random = createRandom(Math.imul(seed, LARGE_STEP) + number);
  const first = pickSeed(seeds, random);
  const alike = seeds.filter(
    ({ name }) => name.slice(name.lastIndexOf('.')) === first.name.slice(first.name.lastIndexOf('.')),
  );
  const second = pickSeed(alike, random);
  const used = Array.from({ length: 1 + Math.floor(random.next() * MAX_MUTATIONS) }, () => random.pick(NAMES));
  const text = first.name.endsWith('.ipynb')
    ? mutatedNotebook(first.text, second.text, used, random)
    : mutated(first.text, second.text, used, random, /\.py$/.test(first.name) ? '#' : '//');
  return {
    name: first.name,
    text: withLayout(text, random),
    mark: random.chance(0.3),
    story: `${first.path}: ${used.join(', ')}`,
  };
}

/**
 * Picks a file so that another file in the list changes few picks: a new fixture leaves most inputs as they were.
 * @param {readonly SeedFile[]} seeds
 * @param {Random} random
 */
function pickSeed(seeds, random) {
  const drawn = Math.floor(random.next() * 2 ** 32);
  let best = seeds[0] ?? { path: '', name: '', text: '', rank: 0 };
  let least = Infinity;
  for (const seed of seeds) {
    const mixed = Math.imul(seed.rank ^ drawn, 0x85ebca6b);
    const order = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35) >>> 0;
    if (order < least) [best, least] = [seed, order];
  }
  return best;
}

/**
 * @param {string} text
 * @param {string} other
 * @param {readonly string[]} used
 * @param {Random} random
 * @param {'#' | '//'} comment
 */
function mutated(text, other, used, random, comment) {
  let lines = text.split('\n');
  for (const name of used) {
    const changed = MUTATIONS.get(name)?.(lines, { random, other: other.split('\n'), comment }) ?? lines;
    lines = changed.join('\n').split('\n');
  }
  return lines.join('\n');
}

/**
 * Changes the code of one cell; what is no notebook is changed as text.
 * @param {string} text
 * @param {string} other
 * @param {readonly string[]} used
 * @param {Random} random
 */
function mutatedNotebook(text, other, used, random) {
  if (random.chance(0.1)) return mutated(text, other, used, random, '//');
  try {
    /** @type {unknown} */
    const parsed = JSON.parse(text);
    const notebook = /** @type {{ cells: { cell_type: string, source: string | string[] }[] }} */ (parsed);
    const cells = notebook.cells.filter(({ cell_type: type }) => type === 'code');
    const cell = random.pick(cells);
    const code = typeof cell.source === 'string' ? cell.source : cell.source.join('');
    const changed = mutated(code, code, used, random, '#');
    cell.source = random.chance(0.3) ? changed : changed.split(/(?<=\n)/);
    return JSON.stringify(notebook, undefined, 1);
  } catch {
    return mutated(text, other, used, random, '//');
  }
}

/**
 * Now and then other line endings, a byte-order mark, or no line break at the end.
 * @param {string} text
 * @param {Random} random
 */
function withLayout(text, random) {
  if (random.chance(0.8)) return text;
  if (random.chance(0.5)) return text.replaceAll('\n', '\r\n');
  if (random.chance(0.4)) return `\uFEFF${text}`;
  if (random.chance(0.5)) return text.trimEnd();
  return text.replace(/\n/g, (end) => (random.chance(0.5) ? end : '\r\n'));
}
