/** The median of samples: one slow sample on a busy machine does not move it. Pure. */

/**
 * Takes the median of samples; for an even count, the upper of the two in the middle.
 * @param {readonly number[]} samples - In any order and any unit.
 * @returns {number} The median, or NaN when there are no samples.
 */
export function median(samples) {
  return samples.toSorted((a, b) => a - b)[samples.length >> 1] ?? NaN;
}
