/** Proves that a value is a Keras optimizer. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { MemberAccess, ReceiverProof } from './receiver-proof.js';

import { assignmentOf } from '../../analysis/statements.js';
import { reachingDefinitions, variableOf } from '../../analysis/variables.js';
import { pathInKeras } from '../../multi-gpu-model/find/legacy-api.js';
import { childByField, closest } from '../../syntax/node.js';

/** The code passes it to Keras's own `get_value` or `set_value`, or every assignment to it calls a Keras optimizer. */
export const isOptimizer: ReceiverProof = (module, access) =>
  isPassedToBackend(module, access) || isBuiltAsOptimizer(module, access);

/** `K.set_value(model.optimizer.lr, 0.1)`. */
function isPassedToBackend(module: PythonModule, { node, object }: MemberAccess): boolean {
  if (node.parent?.type !== 'argument_list' || !/(^|\.)optimizer$/.test(module.source.textOf(object))) return false;
  const call = closest(node.parent, ({ type }) => type === 'call');
  const callee = call === undefined ? undefined : childByField(call, 'function');
  return (
    callee !== undefined &&
    module.origins.of(callee).some((origin) => /^backend\.(get|set)_value$/.test(pathInKeras(origin) ?? ''))
  );
}

/** `opt = Adam()`, then `opt.lr`. */
function isBuiltAsOptimizer(module: PythonModule, { node, object }: MemberAccess): boolean {
  const variable = variableOf(module, object);
  if (variable === undefined) return false;
  const definitions = reachingDefinitions(module, variable, node);
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
