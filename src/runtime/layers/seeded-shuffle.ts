/** Shuffles the rows of an epoch from a seed, so that all processes of a strategy choose the same order. Pure. */

/** Mixes two numbers into one of 32 bits. Uses the finalizer of MurmurHash3. */
function mix(one: number, other: number): number {
  let hash = Math.imul(one | 0, 0x9e3779b1) ^ Math.imul((other | 0) + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Returns random numbers from 0 to 1: the generator mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Shuffles numbers in place, by Fisher and Yates.
 *
 * @param order - The numbers.
 * @param seed - The seed of the strategy.
 * @param count - How many shuffles came before.
 */
export function shuffleFromSeed(order: Int32Array, seed: number, count: number): void {
  const random = generator(mix(seed, count));
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const value = order[last] as number;
    order[last] = order[other] as number;
    order[other] = value;
  }
}
