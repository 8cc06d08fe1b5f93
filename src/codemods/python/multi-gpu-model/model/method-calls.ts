/** Finds the calls of methods on a model. Pure. */
import type { PythonModule } from '../../analysis/module.js';

import { methodName } from '../../analysis/calls.js';
import { isVariable, mentionsOf, type Variable } from '../../analysis/variables.js';
import { OUTSIDE_SCOPE } from '../../lifecycle/vocabulary-table.js';
import { childByField, type PyNode } from '../../syntax/node.js';

/** Calls of a method on one of the variables inside a node. */
export function methodCalls(
  module: PythonModule,
  variables: readonly Variable[],
  within: PyNode,
  names: ReadonlySet<string>,
): PyNode[] {
  const calls: PyNode[] = [];
  for (const variable of variables) {
    for (const mention of mentionsOf(module, variable, within)) {
      const attribute = mention.parent;
      if (
        attribute?.type !== 'attribute' ||
        mention.field !== 'object' ||
        attribute.parent?.type !== 'call' ||
        attribute.field !== 'function'
      )
        continue;
      const name = childByField(attribute, 'attribute');
      if (name !== undefined && names.has(module.source.textOf(name))) calls.push(attribute.parent);
    }
  }
  return calls.sort((a, b) => a.start - b.start);
}

/** Whether a call is a method of a variable. */
export function isMethodOf(module: PythonModule, call: PyNode, variable: Variable): boolean {
  const object = childByField(childByField(call, 'function') ?? call, 'object');
  return object !== undefined && isVariable(module, object, variable);
}

/** Whether a statement trains, evaluates, predicts with or saves one of the variables. */
export function trains(module: PythonModule, variables: readonly Variable[], statement: PyNode): boolean {
  return methodCalls(module, variables, statement, OUTSIDE_SCOPE).length > 0;
}

/** Whether a callee is a method with such a name. */
export function isMethod(module: PythonModule, callee: PyNode, names: ReadonlySet<string>): boolean {
  return names.has(methodName(module, callee) ?? '');
}
