/**
 * Finds what passes `period` to `ModelCheckpoint`. In TensorFlow's Keras, its seventh positional argument is
 * `save_freq`, where 1 means after every batch; and Keras 3 does not accept the keyword. Pure.
 */
import type { PythonModule } from '../analysis/module.js';

import { callArguments, enclosingClass } from '../analysis/statements.js';
import { childByField, namedChildren, type PyNode } from '../syntax/node.js';

/** `filepath, monitor, verbose, save_best_only, save_weights_only, mode` come before it. */
const POSITION = 6;

/** The arguments that are the period. */
export function checkpointPeriods(module: PythonModule): PyNode[] {
  return module.source.nodes.flatMap((node) => {
    const callee = node.type === 'call' ? childByField(node, 'function') : undefined;
    if (callee === undefined) return [];
    const constructor = constructedBy(module, callee);
    if (constructor === undefined) return [];
    const { positional, keywords } = callArguments(module.source, node);
    const period = keywords.get('period') ?? positional[POSITION + constructor.receivers];
    return period === undefined ? [] : [period];
  });
}

/** How many arguments come before those of the constructor; undefined when the callee is none of `ModelCheckpoint`. */
function constructedBy(module: PythonModule, callee: PyNode): { readonly receivers: number } | undefined {
  if (isCheckpoint(module, callee)) return { receivers: 0 };
  const [object, member] = [childByField(callee, 'object'), childByField(callee, 'attribute')];
  if (object === undefined || member === undefined || module.source.textOf(member) !== '__init__') return undefined;
  if (isCheckpoint(module, object)) return { receivers: 1 };
  const owner = enclosingClass(callee);
  const bases = owner === undefined ? undefined : childByField(owner, 'superclasses');
  const isSuper = /^super\s*\(/.test(module.source.textOf(object));
  return isSuper && bases !== undefined && namedChildren(bases).some((base) => isCheckpoint(module, base))
    ? { receivers: 0 }
    : undefined;
}

function isCheckpoint(module: PythonModule, expression: PyNode): boolean {
  return module.origins.of(expression).some((origin) => /^keras\.(callbacks\.)?ModelCheckpoint$/.test(origin));
}
