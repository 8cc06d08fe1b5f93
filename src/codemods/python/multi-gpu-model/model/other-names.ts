/** Finds names that a function gives to a model besides its first ones: `final = parallel or model`. Pure. */
import type { PythonModule } from '../../analysis/module.js';

import { assignmentOf, statementOf } from '../../analysis/statements.js';
import { mentionsOf, sameVariable, type Variable, variableOf } from '../../analysis/variables.js';
import { namedChildren, type PyNode } from '../../syntax/node.js';

import { functionOrModule } from './wrap-group.js';

/** Expressions whose value is one of their operands. */
const CHOICES = /^(boolean_operator|conditional_expression|parenthesized_expression)$/;

/**
 * The names that one of the models has in its function, because an assignment takes it as it is or chooses between it
 * and something else.
 */
export function otherNames(module: PythonModule, models: readonly Variable[], functionNode: PyNode): Variable[] {
  const found: Variable[] = [];
  const queue = [...models];
  for (let model = queue.shift(); model !== undefined; model = queue.shift()) {
    for (const mention of mentionsOf(module, model, functionNode)) {
      if (functionOrModule(module, mention) !== functionNode) continue;
      const assignment = assignmentOf(statementOf(mention));
      const variable = assignment === undefined ? undefined : variableOf(module, assignment.left);
      if (assignment === undefined || variable === undefined || variable.text.includes('.')) continue;
      if (!isValue(mention, assignment.right)) continue;
      if ([...models, ...found].some((known) => sameVariable(known, variable))) continue;
      found.push(variable);
      queue.push(variable);
    }
  }
  return found;
}

/** Whether a mention is the value of an expression on one of its paths. */
function isValue(mention: PyNode, value: PyNode): boolean {
  let node = mention;
  for (; node !== value && node.parent !== undefined; node = node.parent) {
    const { parent } = node;
    if (!CHOICES.test(parent.type)) return false;
    // `a if condition else b` has three operands, and the second one only decides.
    if (parent.type === 'conditional_expression' && namedChildren(parent).indexOf(node) === 1) return false;
  }
  return node === value;
}
