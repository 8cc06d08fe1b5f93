/** Recognizes statements about models that are no part of a wrap. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { PyNode } from '../../syntax/node.js';

import { callsIn } from '../../analysis/calls.js';
import { assignmentOf, calleeOf, expressionOf } from '../../analysis/statements.js';
import { COMPILES } from '../../lifecycle/vocabulary-table.js';

import { makesModelPart } from './build-slice.js';
import { createsVariables } from './creates-variables.js';
import { isMethod } from './method-calls.js';

/**
 * Whether a statement that is known not to belong to a wrap builds, or compiles, another model. Inside the scope, it
 * would be built with the strategy, and whatever belongs to it but stays outside would be built without.
 */
export function belongsToOtherModel(module: PythonModule, statement: PyNode): boolean {
  if (assignmentOf(statement) !== undefined)
    return callsIn(statement).length > 0 && (createsVariables(module, statement) || makesModelPart(module, statement));
  const expression = expressionOf(statement);
  const callee = calleeOf(expression);
  return callee !== undefined && isMethod(module, callee, COMPILES);
}
