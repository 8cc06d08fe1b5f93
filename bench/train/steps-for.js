/** How long an epoch of a training benchmark is. Pure. */

/** About how much work one example is, relative to the smallest model. */
const WORK = new Map([
  ['mlp', 1],
  ['embedding', 2],
  ['cnn', 8],
  ['lstm', 30],
  ['resnet', 60],
]);

/**
 * Decides how many steps an epoch has, so that every model and batch size takes about the same time.
 * @param {string} model - Name of the model.
 * @param {number} batch - Global batch size.
 * @returns {number} Steps of an epoch.
 */
export function stepsFor(model, batch) {
  const work = batch * (WORK.get(model) ?? 10);
  return Math.max(2, Math.min(100, Math.round(13_000 / work)));
}
