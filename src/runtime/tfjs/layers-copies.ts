/**
 * Finds every loaded copy of the layers API, so that the models of each can be reached. Reads Node's cache of modules.
 * Relies on tfjs-layers 4.22: its exports have the classes `LayersModel` and `Sequential`.
 */
import type { TensorFlowJs } from './load-tfjs.js';

import { nodeRequire } from './node-require.js';

/** The classes of one copy of the layers API. */
export interface LayersApi {
  readonly LayersModel: { readonly prototype: object };
  readonly Sequential: { readonly prototype: object };
}

function isLayersApi(exported: unknown): exported is LayersApi {
  if (exported === null || typeof exported !== 'object') return false;
  const { LayersModel, Sequential } = exported as Partial<LayersApi>;
  return typeof LayersModel === 'function' && typeof Sequential === 'function';
}

/**
 * Lists every copy of the layers API that is loaded in this process. In Node an `import` of TensorFlow.js and a
 * `require` of it give the same CommonJS module; a second installed version gives a second copy.
 *
 * @param tf - The copy in use.
 * @returns All copies, `tf` first.
 */
export function loadedLayersApis(tf: TensorFlowJs): LayersApi[] {
  const found = new Map<object, LayersApi>([[tf.LayersModel, tf]]);
  const modules = nodeRequire(import.meta.url)?.cache ?? {};
  for (const [path, loaded] of Object.entries(modules)) {
    if (!path.includes('tf-layers') && !path.includes('tfjs')) continue;
    const exported: unknown = loaded?.exports;
    if (isLayersApi(exported)) found.set(exported.LayersModel, exported);
  }
  return [...found.values()];
}
