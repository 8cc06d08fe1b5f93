/** Finds the template among the layers of a file that `multi_gpu_model` gave its layout. Pure. */
import type { StoredLayer } from './stored-layer.js';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

/**
 * Says which layers are models themselves: from the configuration where there is one, else from the
 * names of their weights.
 */
export type IsContainer = (layer: StoredLayer) => boolean;

/** Which of the two layouts a file has. */
export type WeightsKind = 'nested' | 'flat';

/**
 * `nested` when exactly one layer holds weights and they carry the names of other layers: the
 * slices and the concatenation around a template have none.
 */
export function kindOf(layers: readonly StoredLayer[], isContainer: IsContainer = byWeightNames(layers)): WeightsKind {
  const holders = withWeights(layers);
  return holders.length === 1 && isContainer(holders[0]!) ? 'nested' : 'flat';
}

/**
 * The layer that is the template.
 * @param name what the user calls it, when they say so
 * @throws MirrorscopeError `WEIGHTS_LAYOUT` when no layer can be it, `AMBIGUOUS_TEMPLATE` when several can
 */
export function findTemplate(
  layers: readonly StoredLayer[],
  name?: string,
  isContainer: IsContainer = byWeightNames(layers),
): StoredLayer {
  const holders = withWeights(layers);
  const containers = holders.filter(isContainer);
  if (name !== undefined) {
    const named = containers.find((layer) => layer.name === name);
    if (named !== undefined) return named;
    throw layoutError(`The file holds no nested model called ${name}.`, listed('Nested models in it', containers));
  }
  const [first, ...others] = containers;
  if (first === undefined)
    throw layoutError(
      'No layer of the file is a nested model, so it is not in the layout of multi_gpu_model.',
      listed('Layers with weights', holders),
    );
  if (others.length > 0) {
    throw new MirrorscopeError(
      ErrorCode.AmbiguousTemplate,
      `Several layers of the file are nested models: ${containers.map((layer) => layer.name).join(', ')}.`,
    );
  }
  if (holders.length > 1) {
    const beside = holders.filter((layer) => layer !== first);
    throw layoutError(
      `Beside the nested model ${first.name}, other layers hold weights; multi_gpu_model never writes that.`,
      listed('Others', beside),
    );
  }
  return first;
}

const SLICE = /^lambda(?:_\d+)?$/;

/**
 * A layer's weights carry its name first, those of a nested model the names of its layers. Where the
 * model's name comes before those, a recurrent layer looks the same; then the slices decide.
 */
function byWeightNames(layers: readonly StoredLayer[]): IsContainer {
  const slices = layers.filter(({ name, weights }) => weights.length === 0 && SLICE.test(name));
  return ({ name, weights }) =>
    weights.some((weight) => {
      const parts = weight.split('/');
      return parts.length > 1 && (parts[0] !== name || (parts.length > 2 && slices.length > 1));
    });
}

function withWeights(layers: readonly StoredLayer[]): StoredLayer[] {
  return layers.filter(({ weights }) => weights.length > 0);
}

function listed(title: string, layers: readonly StoredLayer[]): string {
  return layers.length === 0
    ? ''
    : `${title}: ${layers.map(({ name }) => name).join(', ')}. See docs/convert-weights.md.`;
}

function layoutError(message: string, hint: string): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.WeightsLayout, message, hint === '' ? {} : { hint });
}
