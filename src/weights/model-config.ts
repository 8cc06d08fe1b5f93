/** Reads the `model_config` of a saved model: the configuration of the template, and what each layer contains. Pure. */

/** A layer or model as Keras serializes it. */
export interface SerializedLayer {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>> | readonly SerializedLayer[];
  readonly name?: string;
  readonly [other: string]: unknown;
}

/** Fields that connect a layer with the model around it, and do not describe the layer itself. */
const CONNECTION_FIELDS = new Set(['name', 'inbound_nodes', 'shared_object_id']);

/** The configuration of the template as a separate model; `undefined` when the configuration does not contain it. */
export function templateConfig(modelConfig: SerializedLayer, template: string): SerializedLayer | undefined {
  const entry = layersOf(modelConfig).find((layer) => nameOf(layer) === template && layersOf(layer).length > 0);
  if (entry === undefined) return undefined;
  const own = Object.fromEntries(Object.entries(entry).filter(([field]) => !CONNECTION_FIELDS.has(field)));
  return { ...own, class_name: entry.class_name, config: entry.config };
}

/** The names of the layers that are models themselves. */
export function modelNames(config: SerializedLayer): ReadonlySet<string> {
  return new Set(
    layersOf(config)
      .filter((layer) => layersOf(layer).length > 0)
      .map(nameOf),
  );
}

/** The layers of a model in the order of `model.layers`; none for a layer that is not a model. */
export function layersOf({ config }: SerializedLayer): readonly SerializedLayer[] {
  // In early versions of Keras 2, the configuration of a Sequential is a list.
  const layers = Array.isArray(config) ? (config as unknown) : (config as Readonly<Record<string, unknown>>)['layers'];
  return Array.isArray(layers) ? (layers as SerializedLayer[]) : [];
}

/** The name of a layer, which Keras stores in different fields depending on its version. */
export function nameOf({ name, config }: SerializedLayer): string {
  if (typeof name === 'string') return name;
  const inner = Array.isArray(config) ? undefined : (config as Readonly<Record<string, unknown>>)['name'];
  return typeof inner === 'string' ? inner : '';
}

/** The names of all layers inside a layer, at any depth: in nested models and in wrappers. */
export function innerNames(layer: SerializedLayer): string[] {
  const inner = [...layersOf(layer)];
  if (!Array.isArray(layer.config)) {
    for (const field of ['layer', 'backward_layer', 'cell']) {
      const wrapped = (layer.config as Readonly<Record<string, unknown>>)[field];
      if (isSerialized(wrapped)) inner.push(wrapped);
    }
  }
  return inner.flatMap((child) => [nameOf(child), ...innerNames(child)]);
}

/**
 * Checks that a document is the configuration of a model, at every depth.
 *
 * @param value - The document.
 * @returns Whether every layer has the fields that the other functions read.
 */
export function isModelConfig(value: unknown): value is SerializedLayer {
  if (typeof value !== 'object' || value === null) return false;
  const { config } = value as { config?: unknown };
  if (typeof config !== 'object' || config === null) return false;
  return layersOf(value as SerializedLayer).every(isModelConfig);
}

function isSerialized(value: unknown): value is SerializedLayer {
  return typeof value === 'object' && value !== null && 'class_name' in value && 'config' in value;
}
