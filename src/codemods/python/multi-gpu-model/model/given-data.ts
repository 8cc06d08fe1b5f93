/** Recognizes what methods of a model give: predictions, losses, a history, weights; data, not parts. Pure. */
import type { PythonModule } from '../../analysis/module.js';

import { calleeOf } from '../../analysis/statements.js';
import { RETURNS_DATA } from '../../lifecycle/vocabulary-table.js';
import { childByField, type PyNode } from '../../syntax/node.js';

/** Whether a value is data that a method of a model gives, an item of it, or what a method of the data returns. */
export function isGivenData(module: PythonModule, value: PyNode): boolean {
  for (let current: PyNode | undefined = value; current !== undefined; current = innerValue(current)) {
    const callee = calleeOf(current);
    const name = callee?.type === 'attribute' ? childByField(callee, 'attribute') : undefined;
    if (callee === undefined || name === undefined || !RETURNS_DATA.has(module.source.textOf(name))) continue;
    if (module.origins.of(callee).length === 0) return true;
  }
  return false;
}

/**
 * The node and all below it, without what goes into such data: `model.predict(make_batches())` contains no part of a
 * model but `model`.
 */
export function* withoutGivenData(module: PythonModule, node: PyNode): Generator<PyNode> {
  const stack = [node];
  for (let current = stack.pop(); current !== undefined; current = stack.pop()) {
    yield current;
    const isData = current.type === 'call' && isGivenData(module, current);
    const inner = isData ? current.children.filter(({ field }) => field !== 'arguments') : current.children;
    for (let index = inner.length - 1; index >= 0; index--) {
      const child = inner[index];
      if (child !== undefined) stack.push(child);
    }
  }
}

/** What a method, an attribute or an item belongs to. */
function innerValue(value: PyNode): PyNode | undefined {
  switch (value.type) {
    case 'call':
      return childByField(value, 'function');
    case 'attribute':
      return childByField(value, 'object');
    case 'subscript':
      return childByField(value, 'value');
    default:
      return undefined;
  }
}
