/** The `model_config` of a saved model: finds the template's own in it, and what each layer owns. Pure. */

/** A layer or model as Keras serialises it. */
export interface SerialisedLayer {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>> | readonly SerialisedLayer[];
  readonly name?: string;
  readonly [other: string]: unknown;
}

/** Fields that say how a layer stands in the model around it, not what it is. */
const PLACE_FIELDS = new Set(['name', 'inbound_nodes', 'shared_object_id']);

/** The template's configuration as that of a model of its own; `undefined` when it is not in there. */
export function templateConfig(modelConfig: SerialisedLayer, template: string): SerialisedLayer | undefined {
  const entry = layersOf(modelConfig).find((layer) => nameOf(layer) === template && layersOf(layer).length > 0);
  if (entry === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(entry).filter(([field]) => !PLACE_FIELDS.has(field)),
  ) as unknown as SerialisedLayer;
}

/** Names of the layers that are models themselves. */
export function modelNames(config: SerialisedLayer): ReadonlySet<string> {
  return new Set(
    layersOf(config)
      .filter((layer) => layersOf(layer).length > 0)
      .map(nameOf),
  );
}

/** The layers of a model, as `model.layers` lists them; none for anything else. */
export function layersOf({ config }: SerialisedLayer): readonly SerialisedLayer[] {
  // The Sequential of early Keras 2 is a bare list.
  const layers = Array.isArray(config) ? (config as unknown) : (config as Readonly<Record<string, unknown>>)['layers'];
  return Array.isArray(layers) ? (layers as SerialisedLayer[]) : [];
}

/** A layer's name, wherever this version of Keras put it. */
export function nameOf({ name, config }: SerialisedLayer): string {
  if (typeof name === 'string') return name;
  const inner = Array.isArray(config) ? undefined : (config as Readonly<Record<string, unknown>>)['name'];
  return typeof inner === 'string' ? inner : '';
}

/** Names of all layers within a layer, at any depth: sub-models and what wrappers wrap. */
export function innerNames(layer: SerialisedLayer): string[] {
  const inner = [...layersOf(layer)];
  if (!Array.isArray(layer.config)) {
    for (const field of ['layer', 'backward_layer', 'cell']) {
      const wrapped = (layer.config as Readonly<Record<string, unknown>>)[field];
      if (isSerialised(wrapped)) inner.push(wrapped);
    }
  }
  return inner.flatMap((child) => [nameOf(child), ...innerNames(child)]);
}

function isSerialised(value: unknown): value is SerialisedLayer {
  return typeof value === 'object' && value !== null && 'class_name' in value && 'config' in value;
}
