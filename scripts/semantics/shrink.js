/** Makes a program that fails as simple as possible. */
import { simplerChoices } from './choose.js';

/** @import { Choices } from './choices-table.js' */
/** @import { Checked } from './check-programs.js' */

const MAX_ROUNDS = 8;

/**
 * Shrinks a failure: tries the simplest option for each choice, and keeps the first that still fails.
 * @param {Checked} failure - A program that fails.
 * @param {(all: readonly Choices[]) => Promise<Checked[]>} check - Checks programs.
 * @returns {Promise<Checked>} The simplest program found that still fails.
 */
export async function shrink(failure, check) {
  let smallest = failure;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const candidates = simplerChoices(smallest.choices);
    if (candidates.length === 0) break;
    const failures = (await check(candidates)).filter(({ verdict }) => verdict === 'different');
    if (failures.length === 0) break;
    // Take all simplifications together if that fails as well: it saves most rounds.
    const together = mergeSimpler(
      smallest.choices,
      failures.map(({ choices }) => choices),
    );
    const [joint] = await check([together]);
    const next = joint?.verdict === 'different' ? joint : failures[0];
    if (next === undefined) break;
    smallest = next;
  }
  return smallest;
}

/**
 * @param {Choices} base - Choices.
 * @param {readonly Choices[]} simpler - Choices that differ from them in one or more options.
 * @returns {Choices} All differences together.
 */
function mergeSimpler(base, simpler) {
  const merged = { ...base };
  for (const choices of simpler)
    for (const name of /** @type {(keyof Choices)[]} */ (Object.keys(choices)))
      if (choices[name] !== base[name]) merged[name] = choices[name];
  return merged;
}
