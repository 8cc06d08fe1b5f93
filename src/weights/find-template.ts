/** Finds the template among the layers of a file in the layout of `multi_gpu_model`. Pure. */
import type { StoredLayer } from './stored-layer.js';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

/** Whether a layer is itself a model: according to the configuration, or without one to the names of its weights. */
export type IsContainer = (layer: StoredLayer) => boolean;

/** Which of the two layouts a file has. */
export type WeightsKind = 'nested' | 'flat';

/**
 * Detects the layout of a file. In the layout of `multi_gpu_model`, the template is the only layer with weights: the
 * slices and the concatenation around it have none.
 *
 * @param layers - The layers of the file.
 * @param isContainer - Decides which layers are models.
 * @returns The layout.
 */
export function kindOf(layers: readonly StoredLayer[], isContainer: IsContainer = byWeightNames(layers)): WeightsKind {
  const weighted = withWeights(layers);
  return weighted.length === 1 && weighted.every(isContainer) ? 'nested' : 'flat';
}

/**
 * Finds the template.
 *
 * @param layers - The layers of the file.
 * @param name - The name of the template, when the user gives it.
 * @param isContainer - Decides which layers are models.
 * @returns The layer that is the template.
 * @throws {MirrorscopeError} `WEIGHTS_LAYOUT` when no layer can be the template, `AMBIGUOUS_TEMPLATE` when several can.
 */
export function findTemplate(
  layers: readonly StoredLayer[],
  name?: string,
  isContainer: IsContainer = byWeightNames(layers),
): StoredLayer {
  const weighted = withWeights(layers);
  const containers = weighted.filter(isContainer);
  if (name !== undefined) {
    const named = containers.find((layer) => layer.name === name);
    if (named !== undefined) return named;
    throw layoutError(
      `The file contains no nested model with the name ${name}.`,
      listed('Its nested models', containers),
    );
  }
  const [first, ...more] = containers;
  if (first === undefined)
    throw layoutError(
      'No layer of the file is a nested model, so the file does not have the layout of multi_gpu_model.',
      listed('Layers with weights', weighted),
    );
  if (more.length > 0) {
    throw new MirrorscopeError(
      ErrorCode.AmbiguousTemplate,
      `Several layers of the file are nested models: ${containers.map((layer) => layer.name).join(', ')}.`,
    );
  }
  if (weighted.length > 1) {
    const others = weighted.filter((layer) => layer !== first);
    throw layoutError(
      `Other layers than the nested model ${first.name} have weights. multi_gpu_model never writes such a file.`,
      listed('These layers', others),
    );
  }
  return first;
}

const SLICE = /^lambda(?:_\d+)?$/;

/**
 * Decides by the names of weights. They start with the name of their layer, so in a nested model with the names of its
 * layers. When the name of the model comes before those, a recurrent layer looks the same; then the slices of
 * `multi_gpu_model` decide.
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
