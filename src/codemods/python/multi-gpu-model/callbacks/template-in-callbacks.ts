/**
 * Rewrites callbacks that take the original model out of the multi-GPU model: `self.model.layers[-2].save(...)`. Keras
 * passes the model that trains to a callback, which is the original model once nothing wraps it. Pure.
 */
import type { TextEdit } from '../../../result.js';
import type { Definition } from '../../analysis/definition.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { calleeOf } from '../../analysis/statements.js';
import { definitionsInProject } from '../../project/follow-name.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, closest, descendants, type PyNode } from '../../syntax/node.js';
const CALLBACK_BASE = /Callback|ModelCheckpoint|TensorBoard|EarlyStopping|CSVLogger|ReduceLROnPlateau/;
const INNER_LAYERS = /\bmodel\.(layers\s*\[\s*-\s*\d|get_layer\s*\()/;

/**
 * Edits that make the callback classes of a file use the one model.
 *
 * @param project - The project.
 * @param module - The file.
 * @param isMigratedWithFile - Whether a class of another file is changed in this way together with this file.
 * @returns A refusal when a callback reads the layers of the multi-GPU model in another way.
 */
export function templateInCallbacks(
  project: PythonProject,
  module: PythonModule,
  isMigratedWithFile: (definition: Definition) => boolean,
): TextEdit[] | Refusal {
  const edits: TextEdit[] = [];
  for (const node of module.source.nodes) {
    const own = node.type === 'class_definition' ? templateInClass(module, node) : [];
    if (isRefusal(own)) return own;
    edits.push(...own);
    const callee = calleeOf(node);
    if (callee === undefined || !/(^|\.)[A-Z]\w*$/.test(module.source.textOf(callee))) continue;
    const readers = definitionsInProject(project, module, callee).filter((each) =>
      readsTemplate(each.module.source.textOf(each.node)),
    );
    if (!readers.every(isMigratedWithFile)) return REFUSALS.callbackReadsOriginal(module.source.textOf(callee));
  }
  return edits;
}

/** Edits that make one class use the one model; none unless it is a callback that reads the original model. */
export function templateInClass(module: PythonModule, definition: PyNode): TextEdit[] | Refusal {
  return readsTemplate(module.source.textOf(definition)) ? editsInClass(module, definition) : [];
}

function readsTemplate(definition: string): boolean {
  return isCallback(definition) && INNER_LAYERS.test(definition) && !isGuarded(definition);
}

function isCallback(definition: string): boolean {
  const header = /^class\s+\w+\s*\(([^)]*)\)/.exec(definition);
  return header !== null && CALLBACK_BASE.test(header[1] ?? '');
}

function isClass({ type }: PyNode): boolean {
  return type === 'class_definition';
}

/** Whether a class takes layers out of the model that it gets from Keras. */
export function readsInnerLayers(definition: string): boolean {
  return INNER_LAYERS.test(definition);
}

/** Whether a class checks that the layer is a model, so that it works with either model. */
export function isGuarded(definition: string): boolean {
  return /isinstance\s*\(\s*[\w.]*model\.layers\s*\[/.test(definition);
}

function editsInClass(module: PythonModule, definition: PyNode): TextEdit[] | Refusal {
  const { source } = module;
  const edits: TextEdit[] = [];
  for (const node of descendants(definition)) {
    // A class inside the class is one of its own.
    if (node.type !== 'attribute' || closest(node, isClass) !== definition) continue;
    const [object, member] = [childByField(node, 'object'), childByField(node, 'attribute')];
    if (object === undefined || member === undefined || !/^(self\.)?model$/.test(source.textOf(object))) continue;
    const use = source.textOf(member);
    if (use !== 'layers' && use !== 'get_layer') continue;
    const subscript = node.parent?.type === 'subscript' && node.field === 'value' ? node.parent : undefined;
    const index = subscript === undefined ? undefined : childByField(subscript, 'subscript');
    const position = index === undefined ? '' : source.textOf(index).replaceAll(/\s/g, '');
    if (use === 'layers' && !/^-\d+$/.test(position)) continue;
    if (subscript === undefined || position !== '-2') return refusalAt(module, REFUSALS.callbackReadsOtherLayers, node);
    edits.push({ start: subscript.start, end: subscript.end, text: source.textOf(object) });
  }
  return edits;
}
