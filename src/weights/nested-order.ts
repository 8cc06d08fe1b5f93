/** The order in which a nested model stores its weights: first all that train, then all others. Pure. */
import type { StoredLayer } from './stored-layer.js';

import { innerNames, layersOf, nameOf, type SerialisedLayer } from './model-config.js';

/** Last parts of the names of weights that no optimizer touches. */
const NOT_TRAINED = new Set([
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

/** All weights of a single model in the order in which a model around it stores them. */
export function inNestedOrder(layers: readonly StoredLayer[], frozen: ReadonlySet<string> = new Set()): OwnedWeight[] {
  const all = layers.flatMap(({ name: layer, weights }) => weights.map((name) => ({ layer, name })));
  const isTrained = ({ layer, name }: OwnedWeight): boolean =>
    !frozen.has(layer) && !frozen.has(ownerOf(name)) && !NOT_TRAINED.has(lastPart(name));
  return [...all.filter(isTrained), ...all.filter((weight) => !isTrained(weight))];
}

/** Names of the layers, at any depth, that a configuration freezes. */
export function frozenLayers(config: SerialisedLayer): ReadonlySet<string> {
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

/** `bn/moving_mean:0` gives `moving_mean`. */
function lastPart(name: string): string {
  return (name.split('/').at(-1) ?? name).replace(/:\d+$/, '');
}
