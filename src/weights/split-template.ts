/** Distributes the weights of a template to its layers, as the single model stores them. Pure. */
import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { innerNames, layersOf, nameOf, type SerializedLayer } from './model-config.js';
import { ownerOf, type StoredLayer } from './stored-layer.js';

/** A layer of the output, with the name in the input for each of its weights. */
export interface PlannedLayer {
  readonly name: string;
  readonly weights: readonly { readonly name: string; readonly from: string }[];
}

/**
 * Splits by the names of weights alone: `dense_1/kernel:0` belongs to `dense_1`. Layers are in the order of their first
 * weight, which is the order of the model unless a part of it was frozen.
 *
 * @param template - The template.
 * @returns The layers of the output.
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
 * Splits by the configuration of the template: its layers in its order, with nested models as one layer each.
 *
 * @param template - The template.
 * @param config - Its configuration.
 * @returns The layers of the output.
 * @throws {MirrorscopeError} `WEIGHTS_LAYOUT` when a weight belongs to no layer of the configuration.
 */
export function splitByConfig(template: StoredLayer, config: SerializedLayer): PlannedLayer[] {
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
        `The weight ${weight} belongs to no layer in the configuration of the model.`,
        {
          hint: 'Pass --like with a weights file saved from the single model.',
        },
      );
    }
    weights.get(layer)?.push(weight);
  }
  return [...weights].map(([name, own]) => ({ name, weights: own.map(unchanged) }));
}

/** Maps the first part of a weight's name to the layer that stores it. */
function ownersOf(entries: readonly SerializedLayer[]): Map<string, string> {
  const owners = new Map<string, string>();
  for (const entry of entries) for (const inner of innerNames(entry)) owners.set(inner, nameOf(entry));
  // The name of a layer itself wins over the same name inside a nested model.
  for (const entry of entries) owners.set(nameOf(entry), nameOf(entry));
  return owners;
}

function unchanged(name: string): { name: string; from: string } {
  return { name, from: name };
}
