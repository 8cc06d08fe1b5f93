/** One row of the training benchmark's results. Pure. */

/**
 * @typedef {object} TrainingRow The sides of one model at one batch size.
 * @property {string} model - Name of the model.
 * @property {number} batch - Global batch size.
 * @property {Readonly<Record<string, number>>} medians - Milliseconds per step, by side.
 */

/**
 * Divides the times of two sides.
 * @param {TrainingRow} row - What was measured.
 * @param {string} over - Name of the side in the numerator.
 * @param {string} under - Name of the side in the denominator.
 * @returns {number} The ratio; NaN when one of them was not measured.
 */
export function ratioOf({ medians }, over, under) {
  return (medians[over] ?? NaN) / (medians[under] ?? NaN);
}
