/** Recognizes `K.set_value(model.optimizer.lr, 0.1)`. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { MatchBy } from '../legacy-use.js';

import { callArguments } from '../../analysis/statements.js';
import { childByField, type PyNode } from '../../syntax/node.js';
import { isOptimizerObject } from '../receivers/optimizer.js';

/** Whether a node is a call of one of the callees whose first argument is one of the attributes of an optimizer. */
export function isSetter(module: PythonModule, node: PyNode, { callees, attributes }: MatchBy<'setter'>): boolean {
  const callee = node.type === 'call' ? childByField(node, 'function') : undefined;
  if (callee === undefined) return false;
  const origins = module.origins
    .of(callee)
    .map((origin) => origin.replace(/^tensorflow\.compat\.v[12]\./, 'tensorflow.'));
  if (!origins.some((origin) => callees.includes(origin))) return false;
  const { positional, keywords } = callArguments(module.source, node);
  const target = positional[0] ?? keywords.get('x');
  const object = target?.type === 'attribute' ? childByField(target, 'object') : undefined;
  const member = target === undefined ? undefined : childByField(target, 'attribute');
  return (
    object !== undefined &&
    member !== undefined &&
    attributes.includes(module.source.textOf(member)) &&
    isOptimizerObject(module, object)
  );
}
