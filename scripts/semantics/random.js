/** A small seeded generator of random choices. Pure. */

/**
 * @typedef {object} Random Draws choices; the same seed draws the same ones.
 * @property {() => number} next - A number from 0 to below 1.
 * @property {<T>(options: readonly T[]) => T} pick - One of the options.
 * @property {(probability: number) => boolean} chance - Whether an event of this probability occurs.
 */

/**
 * Creates a generator (mulberry32).
 * @param {number} seed - Any integer.
 * @returns {Random} The generator.
 */
export function createRandom(seed) {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    pick: (options) => {
      const option = options[Math.floor(next() * options.length)];
      if (option === undefined) throw new Error('There is nothing to choose from.');
      return option;
    },
    chance: (probability) => next() < probability,
  };
}
