/**
 * How long a training step takes on many devices, from the latency and the bandwidth of their network. Pure.
 *
 * A ring all-reduce over N workers has 2(N - 1) hops one after the other; in each, every worker sends 1/N of the tensor
 * to the next one.
 */

/**
 * @typedef {object} Link What connects neighbours of a ring.
 * @property {number} hopSeconds - Time of a message without contents.
 * @property {number} bytesPerSecond - What a worker sends to the next one, and receives from the one before at the same
 *   time.
 *
 * @typedef {object} TrainedModel A model, and what one device does in a step.
 * @property {string} name - Names it in tables.
 * @property {number} weights - How many.
 * @property {number} computeSeconds - Forward and backward pass of one device's part of the batch.
 *
 * @typedef {object} StepOptions How a step runs.
 * @property {number} workers - How many devices, each with a link of its own.
 * @property {Link} link - What connects them.
 * @property {number} [bytesPerPack] - The largest size of a pack; 4 MiB by default, 0 for a single pack.
 * @property {2 | 4} [bytesPerGradient] - Size of one number on the network; 4 by default.
 */

/** The backward pass takes about twice as long as the forward pass. */
const BACKWARD_SHARE = 2 / 3;

const DEFAULT_PACK = 4 << 20;

/**
 * Computes the time of one ring all-reduce.
 * @param {number} workers - How many devices.
 * @param {number} bytes - Size of the tensor.
 * @param {Link} link - What connects them.
 * @returns {number} Seconds.
 */
export function ringSeconds(workers, bytes, { hopSeconds, bytesPerSecond }) {
  const hops = 2 * (workers - 1);
  return hops * (hopSeconds + bytes / workers / bytesPerSecond);
}

/**
 * Computes the time of one all-reduce whose workers are all on one machine, and share its processors. A byte costs the
 * machine the same whichever worker sends it.
 * @param {number} workers - How many.
 * @param {number} bytes - Size of the tensor.
 * @param {Link} machine - The time of a message, and what all workers together move.
 * @returns {number} Seconds.
 */
export function sharedMachineSeconds(workers, bytes, { hopSeconds, bytesPerSecond }) {
  return ringSeconds(workers, bytes, { hopSeconds, bytesPerSecond: bytesPerSecond / workers });
}

/**
 * Computes the time of a step. Packs travel while the backward pass computes the gradients of earlier layers; the last
 * pack cannot start before the backward pass has ended. Packs that travel together share the bandwidth, but not the
 * latency.
 * @param {TrainedModel} model - The model.
 * @param {StepOptions} options - How the step runs.
 * @returns {{ seconds: number, exchangeSeconds: number, efficiency: number }} The time of the step and of its exchange,
 *   and the share of the step in which the devices compute.
 */
export function stepTime({ weights, computeSeconds }, options) {
  const { workers, link, bytesPerPack = DEFAULT_PACK, bytesPerGradient = 4 } = options;
  const bytes = weights * bytesPerGradient;
  const lastPack = bytesPerPack === 0 ? bytes : Math.min(bytes, bytesPerPack);
  const exchangeSeconds = ringSeconds(workers, bytes, link);
  const overlapping = bytes === lastPack ? 0 : computeSeconds * BACKWARD_SHARE;
  const exposed = Math.max(exchangeSeconds - overlapping, ringSeconds(workers, lastPack, link));
  const seconds = computeSeconds + exposed;
  return { seconds, exchangeSeconds, efficiency: computeSeconds / seconds };
}

/**
 * Finds the largest number of workers that compute for at least half of each step.
 * @param {TrainedModel} model - The model.
 * @param {Omit<StepOptions, 'workers'>} options - How the step runs.
 * @param {number} [most] - The largest number to consider.
 * @returns {number} The number, `most` when even that many do, or 1 when not even two do.
 */
export function halfEfficiencyWorkers(model, options, most = 65_536) {
  let [enough, tooMany] = [1, most + 1];
  while (tooMany - enough > 1) {
    const middle = (enough + tooMany) >> 1;
    if (stepTime(model, { ...options, workers: middle }).efficiency >= 0.5) enough = middle;
    else tooMany = middle;
  }
  return enough;
}

/**
 * Computes what a device holds for training with Adam: weights, gradients and two moments, 4 bytes each.
 * @param {number} weights - How many.
 * @param {number} shards - Over how many devices the optimizer's moments are divided; 1 when each device holds all.
 * @returns {number} Bytes.
 */
export function trainingStateBytes(weights, shards) {
  return weights * 4 * (2 + 2 / shards);
}
