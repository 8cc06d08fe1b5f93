/**
 * Tells a leak from noise in samples of memory: the slope of the bytes in use against the programs that were run. The
 * median of the slopes of all pairs of samples (Theil and Sen), since single samples are far off when a cache grows or
 * a worker thread has not ended. Pure.
 */

/**
 * @typedef {object} MemoryPoint
 * @property {number} programs - Programs run until the sample.
 * @property {number} megabytes - Memory in use.
 */

/** What a program may leave, in kB. A real leak of 100 kB must fail, and the slope of a noisy series is inexact. */
export const ALLOWED_KB_PER_PROGRAM = 50;

/** With fewer samples between which programs ran, nothing is shown: a machine that is busy runs hardly any. */
const FEWEST_STEPS = 10;

/** @param {number[]} values - At least one. @returns {number} Their median. */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? Number(sorted[half]) : (Number(sorted[half - 1]) + Number(sorted[half])) / 2;
}

/**
 * Fits the growth over the later two thirds of the samples: caches fill in the first.
 * @param {readonly MemoryPoint[]} points - In the order of time.
 * @returns {number} The growth in kB a program; NaN when there are too few points to tell.
 */
export function kilobytesPerProgram(points) {
  const later = points.slice(Math.floor(points.length / 3));
  if (new Set(later.map(({ programs }) => programs)).size < FEWEST_STEPS) return NaN;
  /** @type {number[]} */
  const slopes = [];
  for (const [at, from] of later.entries()) {
    for (const to of later.slice(at + 1)) {
      if (to.programs > from.programs)
        slopes.push(((to.megabytes - from.megabytes) * 1024) / (to.programs - from.programs));
    }
  }
  return median(slopes);
}

/**
 * Whether memory stays flat. Too few samples do not show that it does.
 * @param {readonly MemoryPoint[]} points - In the order of time.
 * @returns {boolean} Whether it does.
 */
export function isPlateau(points) {
  return kilobytesPerProgram(points) < ALLOWED_KB_PER_PROGRAM;
}
