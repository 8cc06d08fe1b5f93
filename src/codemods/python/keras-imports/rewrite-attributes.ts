/** Rewrites attributes of imported Keras modules: `keras.engine.topology.Layer`, `K.tensorflow_backend`. Pure. */
import type { TextEdit } from '../../result.js';
import type { PythonModule } from '../analysis/module.js';

import { childByField, type PyNode } from '../syntax/node.js';

import { KERAS_SUBMODULES } from './module-table.js';
import { isStandalone, movedPath } from './moved-path.js';

/** Attributes of modules that the imports of a file name since they moved. */
export function lostAttributes(module: PythonModule): PyNode[] {
  return rewriteAttributes(module, (node) => module.origins.single(node)?.replace(/^tensorflow\.(?=keras\b)/, '')).lost;
}

/** The edits of a file, and the expressions that have no counterpart. */
export function rewriteAttributes(
  module: PythonModule,
  originOf = (node: PyNode): string | undefined => module.origins.single(node),
): { edits: TextEdit[]; lost: PyNode[] } {
  const edits: TextEdit[] = [];
  const lost: PyNode[] = [];
  for (const node of module.source.nodes) {
    if (node.type !== 'attribute' || (node.parent?.type === 'attribute' && node.field === 'object')) continue;
    const root = rootOf(node);
    const [from, to] = [originOf(root), originOf(node)];
    if (from === undefined || to === undefined || !isStandalone(from) || !isModule(module, root, from)) continue;
    const start = from === 'keras' ? '' : movedPath(from.slice('keras.'.length));
    const end = movedPath(to.slice('keras.'.length));
    if (start === undefined) continue;
    // Keras 1 has a function where Keras 2 has a module of the same name.
    const called =
      node.parent?.type === 'call' && node.field === 'function' && KERAS_SUBMODULES.has(to.slice('keras.'.length));
    if (end === undefined || called || (start !== '' && !end.startsWith(`${start}.`) && end !== start)) {
      lost.push(node);
      continue;
    }
    const text = `${module.source.textOf(root)}${start === '' ? '.' : ''}${end.slice(start.length)}`;
    if (text !== module.source.textOf(node).replaceAll(/\s/g, ''))
      edits.push({ start: node.start, end: node.end, text });
  }
  return { edits, lost };
}

function rootOf(attribute: PyNode): PyNode {
  let root = attribute;
  for (
    let object: PyNode | undefined = attribute;
    object !== undefined;
    object = object.type === 'attribute' ? childByField(object, 'object') : undefined
  )
    root = object;
  return root;
}

/** Whether a name refers to a module of Keras, rather than to a class or function. */
function isModule(module: PythonModule, root: PyNode, origin: string): boolean {
  return root.type === 'identifier' && /^[a-z0-9_.]+$/.test(origin) && module.scopes.bindingOf(root) !== undefined;
}
