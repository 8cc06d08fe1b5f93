import { describe, expect, it } from 'vitest';

import { shuffleFromSeed } from '../../../src/runtime/layers/seeded-shuffle.js';

function shuffled(rows: number, seed: number, count: number): number[] {
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  shuffleFromSeed(order, seed, count);
  return [...order];
}

describe('a shuffle from a seed', () => {
  it('keeps every row', () => {
    expect(shuffled(100, 3, 0).toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 100 }, (_, row) => row),
    );
  });

  it('gives the same order again, and another order for another seed or count', () => {
    expect(shuffled(100, 3, 0)).toEqual(shuffled(100, 3, 0));
    expect(shuffled(100, 3, 1)).not.toEqual(shuffled(100, 3, 0));
    expect(shuffled(100, 4, 0)).not.toEqual(shuffled(100, 3, 0));
  });

  it('leaves no row where it is more often than chance', () => {
    let kept = 0;
    for (let count = 0; count < 400; count++)
      kept += shuffled(50, 7, count).filter((row, place) => row === place).length;
    // One row of each shuffle is expected; the standard deviation of the mean is 0.05.
    expect(kept / 400).toBeGreaterThan(0.75);
    expect(kept / 400).toBeLessThan(1.25);
  });
});
