/** The order in which a nested model stores its weights: first all trainable ones, then all others. Pure. */
import type { StoredLayer } from './stored-layer.js';

import { innerNames, layersOf, nameOf, type SerializedLayer } from './model-config.js';

/** The last parts of the names of weights that are never trainable. */
const NOT_TRAINABLE = new Set([
  'moving_mean',
  'moving_variance',
  'moving_stddev',
  'running_mean',
  'running_std',
  'renorm_mean',
  'renorm_stddev',
  'renorm_mean_weight',
  'renorm_stddev_weight',
  'mean',
  'variance',
  'count',
  'sn_u',
  'vector_u',
  'seed_generator_state',
]);

/** One weight and the layer that stores it. */
export interface OwnedWeight {
  readonly layer: string;
  readonly name: string;
}

/**
 * Sorts the weights of a single model as a model around it stores them.
 *
 * @param layers - The layers of the single model.
 * @param frozen - The names of layers whose weights are not trainable.
 * @returns The weights in the order of a nested model.
 */
export function inNestedOrder(layers: readonly StoredLayer[], frozen: ReadonlySet<string> = new Set()): OwnedWeight[] {
  const all = layers.flatMap(({ name: layer, weights }) => weights.map((name) => ({ layer, name })));
  const isTrainable = ({ layer, name }: OwnedWeight): boolean =>
    !frozen.has(layer) && !frozen.has(ownerOf(name)) && !NOT_TRAINABLE.has(lastPart(name));
  return [...all.filter(isTrainable), ...all.filter((weight) => !isTrainable(weight))];
}

/** The names of the layers, at any depth, that a configuration freezes. */
export function frozenLayers(config: SerializedLayer): ReadonlySet<string> {
  const frozen = new Set<string>();
  for (const layer of layersOf(config)) {
    const own = Array.isArray(layer.config)
      ? undefined
      : (layer.config as Readonly<Record<string, unknown>>)['trainable'];
    if (own === false) for (const name of [nameOf(layer), ...innerNames(layer)]) frozen.add(name);
    else for (const name of frozenLayers(layer)) frozen.add(name);
  }
  return frozen;
}

function ownerOf(name: string): string {
  return name.split('/')[0] ?? name;
}

/** `bn/moving_mean:0` becomes `moving_mean`. */
function lastPart(name: string): string {
  return (name.split('/').at(-1) ?? name).replace(/:\d+$/, '');
}
