/** Writes `K.set_value(model.optimizer.lr, 0.1)` as `model.optimizer.learning_rate = 0.1`. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { FixOf, FixResult } from '../legacy-use.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { callArguments } from '../../analysis/statements.js';
import { childByField, type PyNode } from '../../syntax/node.js';

/** An assignment where the call is a statement, and `setattr` where it is a part of one, such as a lambda. */
export function assignAttribute(module: PythonModule, call: PyNode, { to }: FixOf<'assign-attribute'>): FixResult {
  const { source } = module;
  const { positional, keywords, spread } = callArguments(source, call);
  const [target, value, ...others] = positional;
  const object = target === undefined ? undefined : childByField(target, 'object');
  if (spread || keywords.size > 0 || object === undefined || value === undefined || others.length > 0)
    return { reason: RefusalReason.ConditionNotProved };
  const owner = source.textOf(object);
  if (call.parent?.type !== 'expression_statement')
    return { edits: [{ start: call.start, end: value.start, text: `setattr(${owner}, '${to}', ` }] };
  // Without the parentheses of the call, a value of several lines needs its own.
  const [open, close] = source.textOf(value).includes('\n') ? ['(', ')'] : ['', ''];
  return {
    edits: [
      { start: call.start, end: value.start, text: `${owner}.${to} = ${open}` },
      { start: value.end, end: call.end, text: close },
    ],
  };
}
