/**
 * Runs the contenders of a benchmark in turns, so that a busy machine slows all of them alike. Runs what it is given.
 */
import { median } from './median.js';

/** @typedef {() => number | Promise<number>} Contender Takes one sample. */

/** The median of each contender's samples, in the order of the contenders. */
export class Medians {
  /** @param {ReadonlyMap<string, number>} values - By the name of the contender. */
  constructor(values) {
    this.values = values;
  }

  /**
   * Looks up one contender.
   * @param {string} name - Name of the contender.
   * @returns {number} Its median.
   * @throws {Error} When no contender has that name.
   */
  of(name) {
    const value = this.values.get(name);
    if (value === undefined) throw new Error(`No contender is called ${name}.`);
    return value;
  }
}

/**
 * Takes one sample of every contender per round.
 * @param {ReadonlyMap<string, Contender>} contenders - By name.
 * @param {number} rounds - Rounds that count.
 * @param {{ warmUp?: boolean }} [options] - `warmUp`: whether a first round runs without being counted; by default it
 *   does.
 * @returns {Promise<Medians>} The medians.
 */
export async function interleave(contenders, rounds, { warmUp = true } = {}) {
  const sides = [...contenders].map(([name, run]) => ({ name, run, samples: /** @type {number[]} */ ([]) }));
  for (let round = warmUp ? -1 : 0; round < rounds; round++) {
    for (const { run, samples } of sides) {
      const sample = await run();
      if (round >= 0) samples.push(sample);
    }
  }
  return new Medians(new Map(sides.map(({ name, samples }) => [name, median(samples)])));
}
