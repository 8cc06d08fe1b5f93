/** All layers of a model, through nested models and wrappers. Reads only. */
import type { LayerInternals } from '../tfjs/layers-model.js';

/** Every layer in and under `layer`, each once, itself included. */
export function allLayers(layer: LayerInternals, seen = new Set<LayerInternals>()): Set<LayerInternals> {
  if (seen.has(layer)) return seen;
  seen.add(layer);
  const inner = [...(layer.layers ?? []), layer.layer, layer.forwardLayer, layer.backwardLayer];
  for (const child of inner) if (child !== undefined && child !== null) allLayers(child, seen);
  return seen;
}
