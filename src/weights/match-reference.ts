/** Fits the weights of one file to the layers and names of another that has the wanted layout. Pure. */
import type { OwnedWeight } from './nested-order.js';
import type { PlannedLayer } from './split-template.js';
import type { StoredLayer } from './stored-layer.js';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

/** A weight with what decides whether it fits. */
export interface SizedWeight {
  readonly name: string;
  readonly shape: readonly number[];
}

/** What to fit to what. */
export interface Reference {
  /** The layers of the reference, as they will be in the output. */
  readonly layers: readonly StoredLayer[];
  /** The weights of the reference in the order of a nested model. */
  readonly ordered: readonly OwnedWeight[];
  readonly shapeOf: (weight: OwnedWeight) => readonly number[];
}

/**
 * By name where all names agree, else by order, where all shapes agree.
 * @param weights the input's, in the order of a nested model
 * @throws MirrorscopeError `WEIGHTS_LAYOUT` when neither works
 */
export function matchReference(
  weights: readonly SizedWeight[],
  { layers, ordered, shapeOf }: Reference,
): PlannedLayer[] {
  if (weights.length !== ordered.length)
    throw mismatch(`It holds ${ordered.length} weights, the input ${weights.length}.`);
  const byName = new Map(weights.map((weight) => [weight.name, weight]));
  const namesAgree = ordered.every(({ name }) => byName.has(name));
  const sources = new Map<string, string>();
  ordered.forEach((wanted, index) => {
    const source = namesAgree ? byName.get(wanted.name)! : weights[index]!;
    const shape = shapeOf(wanted);
    if (source.shape.join() !== shape.join()) {
      throw mismatch(
        `${wanted.name} is ${shapeText(shape)} there, and ${source.name} is ${shapeText(source.shape)} in the input.`,
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
  return new MirrorscopeError(ErrorCode.WeightsLayout, `The file given with --like is of another model. ${detail}`, {
    hint: 'Save the weights of the very model that shall load them.',
  });
}
