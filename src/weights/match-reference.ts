/** Matches the weights of one file with the layers and names of a reference file in the wanted layout. Pure. */
import type { OwnedWeight } from './nested-order.js';
import type { PlannedLayer } from './split-template.js';
import type { StoredLayer } from './stored-layer.js';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

/** A weight with its shape. */
export interface SizedWeight {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The reference file. */
export interface Reference {
  /** Its layers, as the output will have them. */
  readonly layers: readonly StoredLayer[];
  /** Its weights in the order of a nested model. */
  readonly ordered: readonly OwnedWeight[];
  readonly shapeOf: (weight: OwnedWeight) => readonly number[];
}

/**
 * Matches weights by name when all names agree, otherwise by order.
 *
 * @param weights - The weights of the input, in the order of a nested model.
 * @param reference - The reference file.
 * @returns The layers of the output, with the weight of the input for each of their weights.
 * @throws {MirrorscopeError} `WEIGHTS_LAYOUT` when the numbers or the shapes of the weights differ.
 */
export function matchReference(
  weights: readonly SizedWeight[],
  { layers, ordered, shapeOf }: Reference,
): PlannedLayer[] {
  if (weights.length !== ordered.length)
    throw mismatch(`It has ${ordered.length} weights, the input has ${weights.length}.`);
  const byName = new Map(weights.map((weight) => [weight.name, weight]));
  const namesAgree = ordered.every(({ name }) => byName.has(name));
  const sources = new Map<string, string>();
  ordered.forEach((wanted, index) => {
    const source = namesAgree ? byName.get(wanted.name) : weights[index];
    if (source === undefined) throw mismatch(`The input has no weight for ${wanted.name}.`);
    const shape = shapeOf(wanted);
    if (source.shape.join() !== shape.join()) {
      throw mismatch(
        `Its ${wanted.name} has the shape ${shapeText(shape)}, and ${source.name} of the input has ${shapeText(source.shape)}.`,
      );
    }
    sources.set(key(wanted.layer, wanted.name), source.name);
  });
  return layers.map(({ name: layer, weights: names }) => ({
    name: layer,
    weights: names.map((name) => ({ name, from: sources.get(key(layer, name)) ?? name })),
  }));
}

function key(layer: string, weight: string): string {
  return `${layer}\0${weight}`;
}

function shapeText(shape: readonly number[]): string {
  return `(${shape.join(', ')})`;
}

function mismatch(detail: string): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.WeightsLayout, `The file after --like belongs to another model. ${detail}`, {
    hint: 'Save it from the model that will load the output.',
  });
}
