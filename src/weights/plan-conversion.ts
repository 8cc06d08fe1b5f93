/** Plans the layers, weights and configuration of the converted file. Reads open files; writes nothing. */
import type { StoredLayer } from './stored-layer.js';

import { findTemplate, type IsContainer, kindOf, type WeightsKind } from './find-template.js';
import { matchReference } from './match-reference.js';
import { modelNames, nameOf, type SerializedLayer, templateConfig } from './model-config.js';
import { frozenLayers, inNestedOrder } from './nested-order.js';
import { type PlannedLayer, splitByConfig, splitByName } from './split-template.js';
import { shapeOf, type WeightsFile } from './weights-file.js';

/** Everything that the writer needs. */
export interface ConversionPlan {
  readonly to: WeightsKind;
  readonly template: string;
  /** The layers of the output. `from` of a weight is its path below the weights of the input. */
  readonly layers: readonly PlannedLayer[];
  /** The `model_config` of the output; `undefined` when it has none. */
  readonly config: SerializedLayer | undefined;
  /** What the user should know. */
  readonly notes: readonly string[];
}

/** What the user asks for. */
export interface PlanOptions {
  readonly to?: WeightsKind | undefined;
  readonly template?: string | undefined;
  /** A file in the wanted layout, saved from the model that will load the output. */
  readonly like?: WeightsFile | undefined;
}

/** The name that Keras gives to the first model of a program. */
const DEFAULT_TEMPLATE = 'model_1';

/**
 * Plans a conversion.
 *
 * @param input - The open input.
 * @param options - What the user asks for.
 * @returns The plan.
 * @throws {MirrorscopeError} `WEIGHTS_LAYOUT` or `AMBIGUOUS_TEMPLATE`.
 */
export function planConversion(input: WeightsFile, options: PlanOptions): ConversionPlan {
  const to = options.to ?? 'flat';
  return to === 'flat' ? planFlat(input, options) : planNested(input, options);
}

function planFlat(input: WeightsFile, { template: name, like }: PlanOptions): ConversionPlan {
  const template = findTemplate(input.layers, name, containers(input));
  const config = input.config === undefined ? undefined : templateConfig(input.config, template.name);
  const notes: string[] = [];
  const others = input.layers.filter((layer) => layer !== template && layer.weights.length > 0);
  if (others.length > 0)
    notes.push(
      `These layers are not part of ${template.name} and were left out: ${others.map((layer) => layer.name).join(', ')}.`,
    );
  let layers: readonly PlannedLayer[];
  if (like !== undefined)
    layers = matched(
      input,
      template.weights.map((weight) => ({ layer: template.name, name: weight })),
      like.layers,
      like,
    );
  else if (config !== undefined) layers = splitByConfig(template, config);
  else {
    layers = splitByName(template);
    notes.push(
      'The layers were derived from the names of the weights alone. If the model contains another model, or if a part of it was frozen when it was saved, pass --like.',
    );
  }
  if (input.config !== undefined && config === undefined)
    notes.push(`The configuration of the model does not contain ${template.name}, so the output has only weights.`);
  return { to: 'flat', template: template.name, layers: prefixed(layers, template.name), config, notes };
}

function planNested(input: WeightsFile, { template: given, like }: PlanOptions): ConversionPlan {
  const notes: string[] = [];
  const ordered = inNestedOrder(input.layers, input.config === undefined ? undefined : frozenLayers(input.config));
  const paths = ordered.map(({ layer, name }) => ({ name, from: `${layer}/${name}` }));
  if (input.config !== undefined) {
    notes.push(
      'The output has no model configuration, because the slices of multi_gpu_model are Python bytecode, which only Python can write. Load the output with load_weights.',
    );
  }
  if (like !== undefined) {
    const target = findTemplate(like.layers, given, containers(like));
    const matchedLayers = matched(
      input,
      ordered,
      like.layers.filter((layer) => layer.weights.length === 0 || layer === target),
      like,
    );
    const from = new Map(ordered.map(({ layer, name }) => [name, `${layer}/${name}`]));
    const layers = matchedLayers.map((layer) => ({
      ...layer,
      weights: layer.weights.map((weight) => ({ ...weight, from: from.get(weight.from) ?? weight.from })),
    }));
    return { to: 'nested', template: target.name, layers, config: undefined, notes };
  }
  const template = given ?? (input.config === undefined ? '' : nameOf(input.config));
  const name = template === '' ? DEFAULT_TEMPLATE : template;
  if (input.config === undefined) {
    notes.push(
      'Which weights are trainable was derived from their names alone. If a part of the model was frozen when it was saved, pass --like.',
    );
  }
  if (template === '')
    notes.push(
      `The nested model has the name ${name}. If you load the weights by name, pass the right name with --template.`,
    );
  return { to: 'nested', template: name, layers: [{ name, weights: paths }], config: undefined, notes };
}

/** Matches weights of the input with the layers of a reference file. */
function matched(
  input: WeightsFile,
  weights: readonly { readonly layer: string; readonly name: string }[],
  layers: readonly StoredLayer[],
  like: WeightsFile,
): PlannedLayer[] {
  const isNested = kindOf(layers, containers(like)) === 'nested';
  const frozen = like.config === undefined ? undefined : frozenLayers(like.config);
  const ordered = isNested
    ? layers.flatMap(({ name: layer, weights: names }) => names.map((name) => ({ layer, name })))
    : inNestedOrder(layers, frozen);
  return matchReference(
    weights.map(({ layer, name }) => ({ name, shape: shapeOf(input, layer, name) })),
    { layers, ordered, shapeOf: ({ layer, name }) => shapeOf(like, layer, name) },
  );
}

function containers({ config }: WeightsFile): IsContainer | undefined {
  if (config === undefined) return undefined;
  const models = modelNames(config);
  return ({ name }) => models.has(name);
}

function prefixed(layers: readonly PlannedLayer[], template: string): PlannedLayer[] {
  return layers.map(({ name, weights }) => ({
    name,
    weights: weights.map((weight) => ({ ...weight, from: `${template}/${weight.from}` })),
  }));
}
