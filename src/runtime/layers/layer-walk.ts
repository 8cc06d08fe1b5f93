/** Finds all layers of a model, also inside nested models and wrappers. Pure. */
import type { LayerInternals } from '../tfjs/layers-model.js';

/** Collects `layer` and every layer inside it, each once. */
export function allLayers(layer: LayerInternals, seen = new Set<LayerInternals>()): Set<LayerInternals> {
  if (seen.has(layer)) return seen;
  seen.add(layer);
  const inner: readonly (LayerInternals | null | undefined)[] = [
    ...(layer.layers ?? []),
    layer.layer,
    layer.forwardLayer,
    layer.backwardLayer,
  ];
  for (const child of inner) if (child !== undefined && child !== null) allLayers(child, seen);
  return seen;
}
