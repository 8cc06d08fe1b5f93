/**
 * Gives layers with a fixed seed (Dropout) a new seed for every step and replica, so that their masks differ. Touches
 * the layers.
 */
import type { LayerInternals } from '../tfjs/layers-model.js';
import type { MicroBatchShare } from './micro-batches.js';

/** Finds the layers with a fixed seed, which would draw the same numbers every time. */
export function seededLayers(layers: Iterable<LayerInternals>): LayerInternals[] {
  return [...layers].filter((layer) => typeof layer.seed === 'number');
}

/** Makes a seed that depends on all four numbers. Uses the finalizer of MurmurHash3. */
function replicaSeed(seed: number, step: number, { replicaId, microBatch }: MicroBatchShare): number {
  let hash =
    Math.imul(seed | 0, 0x9e3779b1) ^
    Math.imul(step + 1, 0x85ebca6b) ^
    Math.imul(replicaId + 1, 0xc2b2ae35) ^
    Math.imul(microBatch, 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  // To TensorFlow.js, 0 means "no seed".
  return ((hash ^ (hash >>> 16)) >>> 0) + 1;
}

/** Runs `body` with the seeds of one replica's micro-batch in one step. */
export function withReplicaSeeds<Result>(
  layers: readonly LayerInternals[],
  step: number,
  share: MicroBatchShare,
  body: () => Result,
): Result {
  const seeds = layers.map((layer) => layer.seed as number);
  layers.forEach((layer, index) => (layer.seed = replicaSeed(seeds[index] as number, step, share)));
  try {
    return body();
  } finally {
    layers.forEach((layer, index) => (layer.seed = seeds[index]));
  }
}
