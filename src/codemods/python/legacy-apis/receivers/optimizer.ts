/** Proves that a value is a Keras optimizer. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { MemberAccess, ReceiverProof } from './receiver-proof.js';

import { assignmentOf } from '../../analysis/statements.js';
import { reachingDefinitions, variableOf } from '../../analysis/variables.js';
import { pathInKeras } from '../../multi-gpu-model/find/legacy-api.js';
import { childByField, closest, type PyNode } from '../../syntax/node.js';

/** The code passes it to Keras's own `get_value`, or every assignment to it calls a Keras optimizer. */
export const isOptimizer: ReceiverProof = (module, access) =>
  (isPassedToBackend(module, access) || isBuiltAsOptimizer(module, access.object)) && !isSet(module, access);

/** Whether an expression is an optimizer: an attribute of this name, or a variable that holds one. */
export function isOptimizerObject(module: PythonModule, object: PyNode): boolean {
  return /(^|\.)optimizer$/.test(module.source.textOf(object)) || isBuiltAsOptimizer(module, object);
}

/** Whether it is what `K.set_value` sets. */
function isSet(module: PythonModule, { node }: MemberAccess): boolean {
  const call = node.parent?.type === 'argument_list' ? node.parent.parent : undefined;
  const callee = call?.type === 'call' ? childByField(call, 'function') : undefined;
  return (
    callee !== undefined && module.origins.of(callee).some((origin) => pathInKeras(origin) === 'backend.set_value')
  );
}

/** `K.get_value(model.optimizer.lr)`. A call that sets the value is a use of its own. */
function isPassedToBackend(module: PythonModule, { node, object }: MemberAccess): boolean {
  if (node.parent?.type !== 'argument_list' || !/(^|\.)optimizer$/.test(module.source.textOf(object))) return false;
  const call = closest(node.parent, ({ type }) => type === 'call');
  const callee = call === undefined ? undefined : childByField(call, 'function');
  return (
    callee !== undefined &&
    module.origins.of(callee).some((origin) => /^backend\.get_value$/.test(pathInKeras(origin) ?? ''))
  );
}

/** `opt = Adam()`, then `opt.lr`. */
function isBuiltAsOptimizer(module: PythonModule, object: PyNode): boolean {
  const variable = variableOf(module, object);
  if (variable === undefined) return false;
  const definitions = reachingDefinitions(module, variable, object);
  return (
    definitions.length > 0 &&
    definitions.every((definition) => {
      const value = assignmentOf(definition)?.right;
      const callee = value?.type === 'call' ? childByField(value, 'function') : undefined;
      return (
        callee !== undefined &&
        module.origins.of(callee).some((origin) => /^optimizers\./.test(pathInKeras(origin) ?? ''))
      );
    })
  );
}
