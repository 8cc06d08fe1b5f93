/**
 * Rewrites `predict_on_batch`, which in Keras 3 under a strategy returns the predictions once per replica, to
 * `predict`, which returns them once in every Keras. Pure.
 */
import type { Refusal } from '../../../refusal.js';
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';

import { callArguments } from '../../analysis/statements.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, type PyNode } from '../../syntax/node.js';

/** The edits of `model.predict_on_batch(x)`; a refusal for a use that is not such a call. */
export function predictAllAtOnce(module: PythonModule, method: PyNode): TextEdit[] | Refusal {
  const call = method.parent?.type === 'call' && method.field === 'function' ? method.parent : undefined;
  const name = childByField(method, 'attribute');
  const list = call === undefined ? undefined : childByField(call, 'arguments');
  if (call === undefined || name === undefined || list?.type !== 'argument_list') return REFUSALS.repeatedPredictions;
  const { positional, keywords, spread } = callArguments(module.source, call);
  const takesOnlyData = positional.length + keywords.size === 1 && (positional.length === 1 || keywords.has('x'));
  if (spread || !takesOnlyData) return REFUSALS.repeatedPredictions;
  const last = list.children.filter(({ type }) => type !== 'comment').at(-2);
  const end = last?.type === ',' ? last.start : (last?.end ?? list.end - 1);
  return [
    { start: name.start, end: name.end, text: 'predict' },
    { start: end, end, text: ', verbose=0' },
  ];
}
