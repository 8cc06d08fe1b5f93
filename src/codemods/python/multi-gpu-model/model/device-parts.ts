/** Finds what else stands in the device scopes in which a model is built. Pure. */
import type { PythonModule } from '../../analysis/module.js';

import { callsIn } from '../../analysis/calls.js';
import { expressionOf, statementsOf } from '../../analysis/statements.js';
import { OUTSIDE_SCOPE } from '../../lifecycle/vocabulary-table.js';
import { childByField, contains, descendants, type PyNode } from '../../syntax/node.js';

import { deviceOf } from './flatten-device-scopes.js';
import { isMethod } from './method-calls.js';
import { clearsSession } from './session-reset.js';

/**
 * The other statements of device scopes that contain building statements. The programmer put them under the device
 * because they build the model as well, even if only the functions that they call show how.
 */
export function restOfDeviceScopes(module: PythonModule, block: PyNode, building: Iterable<PyNode>): PyNode[] {
  const known = [...building];
  return [...descendants(block)].flatMap((node) => {
    const isAround = node.type === 'with_statement' && known.some((statement) => contains(node, statement));
    const body = isAround && deviceOf(module, node) !== undefined ? childByField(node, 'body') : undefined;
    if (body === undefined) return [];
    return statementsOf(body).filter(
      (statement) =>
        known.every((other) => !contains(statement, other) && !contains(other, statement)) &&
        callsSomething(module, statement) &&
        !clearsSession(module, statement),
    );
  });
}

/** Whether a plain statement calls a function, and runs no model. */
function callsSomething(module: PythonModule, statement: PyNode): boolean {
  const calls = expressionOf(statement) === undefined ? [] : callsIn(statement);
  return calls.length > 0 && calls.every(({ callee }) => !isMethod(module, callee, OUTSIDE_SCOPE));
}
