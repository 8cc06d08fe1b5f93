/** What the soak of programs calls a plateau, and what a leak, with made-up series. */
import { describe, expect, it } from 'vitest';

import { createRandom } from '../../scripts/semantics/random.js';
import { isPlateau, kilobytesPerProgram, type MemoryPoint } from '../../scripts/soak/memory-trend.js';

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed + 1);

/** 21 samples of 8 programs each: a cache that fills, a leak, and noise that is large against the leak. */
function series(seed: number, leakKilobytes: number, noiseMegabytes: number): MemoryPoint[] {
  const random = createRandom(seed);
  return Array.from({ length: 21 }, (_, at) => {
    const programs = at * 8;
    const cache = 20 * (1 - Math.exp(-at / 2));
    const noise = (random.next() - 0.5) * noiseMegabytes;
    return { programs, megabytes: 400 + cache + (leakKilobytes / 1024) * programs + noise };
  });
}

describe('the trend of memory', () => {
  it('is the slope of a straight line', () => {
    expect(kilobytesPerProgram(series(1, 300, 0).map((point) => ({ ...point, megabytes: point.programs })))).toBe(1024);
  });

  it('fails for a leak of 100 kB a program, under noise of 5 MB', () => {
    expect(SEEDS.filter((seed) => isPlateau(series(seed, 100, 5)))).toEqual([]);
  });

  it('passes without a leak, under noise of 5 MB', () => {
    expect(SEEDS.filter((seed) => !isPlateau(series(seed, 0, 5)))).toEqual([]);
  });

  it('is not moved by single samples that are far off', () => {
    const far = series(1, 0, 2).map((point, at) =>
      at % 7 === 6 ? { ...point, megabytes: point.megabytes + 100 } : point,
    );
    expect(isPlateau(far)).toBe(true);
    const leaking = series(1, 100, 2).map((point, at) =>
      at % 7 === 6 ? { ...point, megabytes: point.megabytes - 100 } : point,
    );
    expect(isPlateau(leaking)).toBe(false);
  });

  it('needs more than a few samples', () => {
    expect(isPlateau(series(1, 0, 0).slice(0, 5))).toBe(false);
  });

  it('needs programs that ran between the samples', () => {
    const starved = series(1, 0, 2).map((point, at) => ({ ...point, programs: at < 18 ? 7 : 8 }));
    expect(isPlateau(starved)).toBe(false);
  });
});
