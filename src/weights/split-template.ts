/** Distributes the weights of a template over its layers, as the single model stores them. Pure. */
import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { innerNames, layersOf, nameOf, type SerialisedLayer } from './model-config.js';
import { ownerOf, type StoredLayer } from './stored-layer.js';

/** A layer of the output, and for each of its weights the name that it has in the input. */
export interface PlannedLayer {
  readonly name: string;
  readonly weights: readonly { readonly name: string; readonly from: string }[];
}

/**
 * By the names alone: `dense_1/kernel:0` belongs to `dense_1`. Layers come in the order in which
 * their first weight does, which is the model's unless a part of it was frozen.
 */
export function splitByName(template: StoredLayer): PlannedLayer[] {
  const layers = new Map<string, string[]>();
  for (const weight of template.weights) {
    const owner = ownerOf(weight, template.name);
    const known = layers.get(owner);
    if (known === undefined) layers.set(owner, [weight]);
    else known.push(weight);
  }
  return [...layers].map(([name, weights]) => ({ name, weights: weights.map(unchanged) }));
}

/**
 * By the model's own configuration: its layers, in its order, sub-models whole.
 * @throws MirrorscopeError `WEIGHTS_LAYOUT` when a weight belongs to no layer of the configuration
 */
export function splitByConfig(template: StoredLayer, config: SerialisedLayer): PlannedLayer[] {
  const isSequential = config.class_name === 'Sequential';
  const entries = layersOf(config).filter(({ class_name: kind }) => !(isSequential && kind === 'InputLayer'));
  const owners = ownersOf(entries);
  const weights = new Map<string, string[]>(entries.map((entry) => [nameOf(entry), []]));
  for (const weight of template.weights) {
    const owner = ownerOf(weight, template.name);
    const layer = owners.get(owner) ?? owners.get(owner.replace(/_\d+$/, ''));
    if (layer === undefined) {
      throw new MirrorscopeError(
        ErrorCode.WeightsLayout,
        `The weight ${weight} belongs to no layer of the model’s configuration.`,
        {
          hint: 'Pass --like with a weights file that the single model has saved.',
        },
      );
    }
    weights.get(layer)?.push(weight);
  }
  return [...weights].map(([name, own]) => ({ name, weights: own.map(unchanged) }));
}

/** From the first part of a weight's name to the layer that stores it. */
function ownersOf(entries: readonly SerialisedLayer[]): Map<string, string> {
  const owners = new Map<string, string>();
  for (const entry of entries) for (const inner of innerNames(entry)) owners.set(inner, nameOf(entry));
  // A layer's own name wins over the same name inside a sub-model.
  for (const entry of entries) owners.set(nameOf(entry), nameOf(entry));
  return owners;
}

function unchanged(name: string): { name: string; from: string } {
  return { name, from: name };
}
