/** Checks that neither of the two models becomes an attribute of the other. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';
import type { Lifecycle } from '../model/lifecycle.js';
import type { Wrap } from '../model/wrap-group.js';

import { assignmentOf, callArguments, statementOf } from '../../analysis/statements.js';
import { isVariable, mentionsOf } from '../../analysis/variables.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, closest, contains, type PyNode } from '../../syntax/node.js';

/**
 * Refuses `parallel.single = model`: the one model would be an attribute of itself, and Keras would recurse forever.
 */
export function checkNotKept({ module, group, body }: Lifecycle): Refusal | undefined {
  const kept = group.wraps.map((wrap) => keptIn(module, wrap, body)).find((mention) => mention !== undefined);
  return kept === undefined ? undefined : refusalAt(module, REFUSALS.keepsOriginalAsAttribute, kept);
}

/** The mention of the multi-GPU model that gets the original one as an attribute. */
function keptIn(module: PythonModule, { template, parallel }: Wrap, body: PyNode): PyNode | undefined {
  if (template === undefined || parallel === undefined) return undefined;
  const isModel = (node: PyNode): boolean => isVariable(module, node, template) || isVariable(module, node, parallel);
  return mentionsOf(module, parallel, body).find((mention) => {
    const { left, right } = assignmentOf(statementOf(mention)) ?? {};
    if (right !== undefined && left === mention.parent && left?.type === 'attribute' && mention.field === 'object')
      return isModel(right);
    const call = closest(mention, (node) => node.type === 'call');
    const callee = call === undefined ? undefined : childByField(call, 'function');
    if (call === undefined || callee === undefined || !/(^setattr|\.__setattr__)$/.test(module.source.textOf(callee)))
      return false;
    const { positional } = callArguments(module.source, call);
    const value = positional.at(-1);
    return value !== undefined && isModel(value) && (contains(callee, mention) || positional[0] === mention);
  });
}
