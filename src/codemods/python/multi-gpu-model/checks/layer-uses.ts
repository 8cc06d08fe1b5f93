/**
 * Checks and rewrites what code does with the layers and weights of the multi-GPU model: its layers are not those of
 * the original model, and its weight files have another layout. Pure.
 */
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type {} from '../../analysis/variables.js';
import type { Lifecycle } from '../model/lifecycle.js';
import type { NamedModel } from '../model/named-model.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { mentionsOf } from '../../analysis/variables.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, closest, namedChildren, type PyNode } from '../../syntax/node.js';

import { predictAllAtOnce } from './one-batch-predictions.js';

/** Edits and reports that follow from the uses of a multi-GPU model. */
export interface ModelUses {
  readonly edits: readonly TextEdit[];
  /** Calls that read weights in the layout of the multi-GPU model. */
  readonly weightFiles: readonly PyNode[];
}

/**
 * Reads what mentions of the multi-GPU model do with it.
 *
 * @param module - The file.
 * @param mentions - The mentions.
 * @param template - The name of the original model; undefined when it may be one of several.
 * @returns A refusal when a use has another meaning for the original model.
 */
export function layerUses(
  module: PythonModule,
  mentions: readonly PyNode[],
  template: string | undefined,
): ModelUses | Refusal {
  const edits: TextEdit[] = [];
  const weightFiles: PyNode[] = [];
  for (const mention of mentions) {
    if (mention.field !== 'object' || mention.parent?.type !== 'attribute') continue;
    const name = childByField(mention.parent, 'attribute');
    switch (name === undefined ? '' : module.source.textOf(name)) {
      case 'layers': {
        const own = layersEdits(module, template, mention.parent);
        if (isRefusal(own)) return own;
        edits.push(...own);
        break;
      }
      case 'get_layer':
        return refusalAt(module, REFUSALS.otherLayersByName, mention);
      case 'predict_on_batch': {
        const own = predictAllAtOnce(module, mention.parent);
        if (isRefusal(own)) return own;
        edits.push(...own);
        break;
      }
      case 'load_weights':
        if (mention.parent.parent?.type === 'call') weightFiles.push(mention.parent.parent);
        break;
      default:
    }
  }
  return { edits, weightFiles };
}

/**
 * Refuses when this file reads the layers of a multi-GPU model of another file, whose original model it cannot name.
 */
export function checkLayerUses(module: PythonModule, { variable, body }: NamedModel): Refusal | undefined {
  const uses = layerUses(module, mentionsOf(module, variable, body), undefined);
  if (isRefusal(uses)) return uses;
  return uses.edits.length > 0 ? REFUSALS.repeatedPredictions : undefined;
}

/** Refuses code like `trainer.parallel_model.layers[-2]` outside the class, for any object `trainer`. */
export function checkOutsideUses({ module, group }: Lifecycle): Refusal | undefined {
  const { source } = module;
  for (const { parallel } of group.wraps) {
    if (parallel?.text.startsWith('self.') !== true) continue;
    const reading = module.identifiersNamed(parallel.text.slice('self.'.length)).find((node) => {
      const holder = node.field === 'attribute' && node.parent?.type === 'attribute' ? node.parent : undefined;
      if (holder?.parent?.type !== 'attribute' || source.textOf(holder) === parallel.text) return false;
      const use = source.text.slice(childByField(holder.parent, 'attribute')?.start ?? holder.end);
      return /^(layers\s*\[\s*-|get_layer\b)/.test(use);
    });
    if (reading !== undefined) return refusalAt(module, REFUSALS.otherLayers, reading);
  }
  return undefined;
}

/** `parallel.layers[-2]` is the original model; any other index reads layers that the original model does not have. */
function layersEdits(module: PythonModule, template: string | undefined, layers: PyNode): TextEdit[] | Refusal {
  const { source } = module;
  if (setsAllAlike(module, layers)) return [];
  const subscript = layers.parent?.type === 'subscript' && layers.field === 'value' ? layers.parent : undefined;
  if (subscript !== undefined) {
    const index = childByField(subscript, 'subscript');
    return template !== undefined && index !== undefined && source.textOf(index).replaceAll(/\s/g, '') === '-2'
      ? [{ start: subscript.start, end: subscript.end, text: template }]
      : refusalAt(module, REFUSALS.otherLayers, subscript);
  }
  const loop = layers.parent;
  if (loop?.type === 'for_statement' && layers.field === 'right' && setsOnlyTrainable(module, loop)) return [];
  const onlyShown = closest(
    layers,
    (node) => node.type === 'call' && /^(len|print)$/.test(source.textOf(childByField(node, 'function') ?? node)),
  );
  return onlyShown === undefined ? refusalAt(module, REFUSALS.otherLayers, layers) : [];
}

/**
 * Whether a loop sets `trainable` of all layers to the same value, which also holds for the layers inside them:
 * `for i in range(len(m.layers)): m.layers[i].trainable = True`, or the same with `enumerate`.
 */
function setsAllAlike(module: PythonModule, layers: PyNode): boolean {
  const { source } = module;
  const loop = closest(layers, (node) => node.type === 'for_statement');
  const body = loop === undefined ? undefined : childByField(loop, 'body');
  if (loop === undefined || body === undefined) return false;
  const text = source.textOf(layers);
  const range = source.textOf(childByField(loop, 'right') ?? loop).replaceAll(/\s/g, '');
  const index = /^\w+/.exec(source.textOf(childByField(loop, 'left') ?? loop))?.[0] ?? '';
  if (range !== `range(len(${text}))` && range !== `enumerate(${text})`) return false;
  return namedChildren(body).every((statement) => {
    const [target, ...value] = source.textOf(statement).split('=');
    return target?.trim() === `${text}[${index}].trainable` && /^\s*(True|False)\s*$/.test(value.join('='));
  });
}

function setsOnlyTrainable(module: PythonModule, loop: PyNode): boolean {
  const body = childByField(loop, 'body');
  return (
    body !== undefined &&
    namedChildren(body).every((statement) =>
      /^\w+\.trainable\s*=\s*(True|False)$/.test(module.source.textOf(statement)),
    )
  );
}
