/** Random choices. Pure. */

/** @import { Random } from '../semantics/random.js' */

/**
 * @param {Random} random - Chooses.
 * @param {number} limit - A positive integer.
 * @returns {number} An integer from 0 up to but not including it.
 */
export const below = (random, limit) => Math.floor(random.next() * limit);

/**
 * Unlike `pick`, it may choose undefined.
 *
 * @template T
 * @param {Random} random - Chooses.
 * @param {readonly T[]} choices - At least one.
 * @returns {T} One of them.
 */
export const choose = (random, choices) => /** @type {T} */ (choices[below(random, choices.length)]);
