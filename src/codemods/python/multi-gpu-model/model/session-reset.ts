/** Recognizes calls that clear the session of Keras: no scope may be open around them. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { PyNode } from '../../syntax/node.js';

import { calleeOf, expressionOf } from '../../analysis/statements.js';
import { pathInKeras } from '../find/legacy-api.js';

/** Whether a statement is a call that clears the session. */
export function clearsSession(module: PythonModule, statement: PyNode): boolean {
  const call = expressionOf(statement);
  return call !== undefined && isSessionReset(module, call);
}

/** Whether a call clears the session. */
export function isSessionReset(module: PythonModule, call: PyNode): boolean {
  const callee = calleeOf(call);
  return (
    callee !== undefined &&
    module.origins
      .of(callee)
      .some(
        (origin) =>
          /^(backend|utils)\.clear_session$/.test(pathInKeras(origin) ?? '') ||
          /^tensorflow(\.compat\.v1)?\.reset_default_graph$/.test(origin),
      )
  );
}
