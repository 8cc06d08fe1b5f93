/** Chooses the options of a random program, and makes choices simpler. Pure. */
import { CHOICES, VARIETY } from './choices-table.js';
import { createRandom } from './random.js';

/** @import { Choices } from './choices-table.js' */

/** The names of all choices. */
const NAMES = /** @type {(keyof Choices)[]} */ (Object.keys(CHOICES));

/**
 * Chooses one program.
 * @param {number} seed - Any integer.
 * @returns {Choices} One option for each choice.
 */
export function chooseProgram(seed) {
  const random = createRandom(seed);
  // The first numbers of neighbouring seeds are alike.
  for (let step = 0; step < 4; step++) random.next();
  const chosen = /** @type {Choices} */ ({});
  for (const name of NAMES) {
    const [first = '', ...others] = CHOICES[name];
    const option = random.pick(others);
    chosen[name] = random.chance(VARIETY[name]) ? option : first;
  }
  return consistent(chosen);
}

/**
 * Replaces options that no program can have together.
 * @param {Choices} choices - Choices.
 * @returns {Choices} Choices that describe a program that runs.
 */
export function consistent(choices) {
  const chosen = { ...choices };
  // Keras 2 is installed as `tf_keras`, and `keras` is always Keras 3.
  if (chosen.version === '2' && chosen.keras === 'keras') chosen.version = '3';
  if (chosen.count === 'omitted' || chosen.count === 'keyword-none') {
    if (!['new-name', 'same-name'].includes(chosen.wrap)) chosen.wrap = 'same-name';
    if (chosen.wrapFunction === 'called-under-condition') chosen.wrapFunction = 'function';
  }
  if (chosen.wrap === 'not-none') chosen.importForm = 'try-none';
  if (chosen.importForm === 'guarded' && !chosen.wrap.startsWith('branch')) chosen.wrap = 'branch-same-name';
  // An import inside a function binds no name for a second wrap elsewhere.
  if (['late', 'local', 'guarded'].includes(chosen.importForm) && chosen.second === 'wrapped') chosen.second = 'plain';
  if (chosen.importForm === 'local' && chosen.container === 'script') chosen.container = 'main';
  if (chosen.container === 'class' && chosen.device === 'cpu-condition' && chosen.count === 'after-build')
    chosen.count = 'literal';
  if (chosen.device === 'cpu-condition' && chosen.count === 'after-build') chosen.device = 'cpu-build';
  // The import of a branch makes `tf` a local name of its function, so nothing above it can use the module.
  const isInFlow = chosen.buildFunction === 'no' || chosen.container === 'class';
  if (chosen.building === 'local-tensorflow' && chosen.device !== 'none' && isInFlow) chosen.building = 'nothing';
  // In Keras 3, an optimizer trains one model only.
  if (chosen.around === 'loop' && chosen.optimizer === 'variable-above') chosen.optimizer = 'call';
  // The rate of a schedule cannot be set.
  if (chosen.optimizer === 'schedule-variable' && /scheduler|warm-up/.test(chosen.callbacks)) chosen.optimizer = 'call';
  return chosen;
}

/**
 * Makes choices simpler, one at a time.
 * @param {Choices} choices - Choices.
 * @returns {Choices[]} For each choice that is not the simplest, the same choices with the simplest one.
 */
export function simplerChoices(choices) {
  const simpler = NAMES.filter((name) => choices[name] !== CHOICES[name][0]).map((name) =>
    consistent({ ...choices, [name]: CHOICES[name][0] ?? '' }),
  );
  return simpler.filter((candidate) => NAMES.some((name) => candidate[name] !== choices[name]));
}
