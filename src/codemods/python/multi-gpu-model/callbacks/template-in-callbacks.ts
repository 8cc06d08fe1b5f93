/**
 * Callbacks that take the template out of the wrapped model: `self.model.layers[-2].save(...)`. Keras hands a callback
 * the model that trains, which is the template itself once the wrap is gone.
 */
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { childByField, descendants, type PyNode } from '../../syntax/node.js';
import { Refusal } from '../refusal.js';

const CALLBACK_BASE = /Callback|ModelCheckpoint|TensorBoard|EarlyStopping|CSVLogger|ReduceLROnPlateau/;
const INNER_LAYERS = /\bmodel\.(layers\s*\[\s*-\s*\d|get_layer\s*\()/;

/**
 * Edits for the callback classes of a file, so that they work on the one model.
 *
 * @param definitionsOf The source texts of what a callee of another file of the project may be.
 * @throws Refusal when a callback looks into the wrapped model in a way that cannot be rewritten.
 */
export function templateInCallbacks(
  module: PythonModule,
  definitionsOf: (callee: PyNode) => readonly string[],
): TextEdit[] {
  const edits: TextEdit[] = [];
  for (const node of module.source.nodes) {
    if (node.type === 'class_definition' && isCallback(module.source.textOf(node)))
      edits.push(...inClass(module, node));
    const callee = node.type === 'call' ? childByField(node, 'function') : undefined;
    if (callee === undefined || !/(^|\.)[A-Z]\w*$/.test(module.source.textOf(callee))) continue;
    if (definitionsOf(callee).some((text) => isCallback(text) && INNER_LAYERS.test(text) && !isGuarded(text))) {
      throw new Refusal(
        RefusalReason.MeaningChanged,
        `${module.source.textOf(callee)} takes the template out of the wrapped model`,
      );
    }
  }
  return edits;
}

function isCallback(definition: string): boolean {
  const header = /^class\s+\w+\s*\(([^)]*)\)/.exec(definition);
  return header !== null && CALLBACK_BASE.test(header[1] ?? '');
}

/** A class that asks whether the layer is a model works with either. */
function isGuarded(definition: string): boolean {
  return /isinstance\s*\(\s*[\w.]*model\.layers\s*\[/.test(definition);
}

function inClass(module: PythonModule, definition: PyNode): TextEdit[] {
  const { source } = module;
  const text = source.textOf(definition);
  if (!INNER_LAYERS.test(text) || isGuarded(text)) return [];
  const edits: TextEdit[] = [];
  for (const node of descendants(definition)) {
    if (node.type !== 'attribute') continue;
    const [object, member] = [childByField(node, 'object'), childByField(node, 'attribute')];
    if (object === undefined || member === undefined || !/^(self\.)?model$/.test(source.textOf(object))) continue;
    const use = source.textOf(member);
    if (use !== 'layers' && use !== 'get_layer') continue;
    const subscript = node.parent?.type === 'subscript' && node.field === 'value' ? node.parent : undefined;
    const index = subscript === undefined ? undefined : childByField(subscript, 'subscript');
    const place = index === undefined ? '' : source.textOf(index).replaceAll(/\s/g, '');
    if (use === 'layers' && !/^-\d+$/.test(place)) continue;
    if (subscript === undefined || place !== '-2') {
      throw new Refusal(RefusalReason.MeaningChanged, 'a callback looks into the layers of the wrapped model');
    }
    edits.push({ start: subscript.start, end: subscript.end, text: source.textOf(object) });
  }
  return edits;
}
