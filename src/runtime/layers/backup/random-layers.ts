/** Finds the layers whose masks or noise follow from no seed of their own. Pure. */
import type { LayerInternals } from '../../tfjs/layers-model.js';

const RANDOM_CLASSES: ReadonlySet<string> = new Set([
  'Dropout',
  'SpatialDropout1D',
  'GaussianNoise',
  'GaussianDropout',
  'AlphaDropout',
]);

/** The members that say how much recurrent layers and their cells drop. */
const RATES = ['dropout', 'recurrentDropout'] as const;

/**
 * Finds layers that draw random numbers while the model trains.
 *
 * @param layers - Any layers.
 * @returns Those without a seed of their own.
 */
export function unseededRandomLayers(layers: Iterable<LayerInternals>): LayerInternals[] {
  return [...layers].filter((layer) => {
    const { cell, ...own } = layer as LayerInternals & { cell?: object };
    const drops = [own, cell ?? {}].some((each) =>
      RATES.some((rate) => (((each as Record<string, unknown>)[rate] as number | undefined) ?? 0) > 0),
    );
    const { className = '' } = layer.constructor as { className?: string };
    return (drops || RANDOM_CLASSES.has(className)) && typeof layer.seed !== 'number';
  });
}
