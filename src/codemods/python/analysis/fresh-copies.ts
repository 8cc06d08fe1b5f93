/** Recognizes values that are made after another object but share nothing with it. Pure. */
import type { PythonModule } from './module.js';

import { childByField, namedChildren, type PyNode } from '../syntax/node.js';

/**
 * Whether a value is a copy of a model with new layers, as `clone_model(model)` of Keras makes it. With more arguments,
 * the copy may share tensors or layers with other models.
 */
export function isFreshCopy(module: PythonModule, value: PyNode): boolean {
  const callee = value.type === 'call' ? childByField(value, 'function') : undefined;
  const list = value.type === 'call' ? childByField(value, 'arguments') : undefined;
  if (callee === undefined || list === undefined) return false;
  const [only, ...others] = namedChildren(list);
  return (
    /^(identifier|attribute)$/.test(only?.type ?? '') &&
    others.length === 0 &&
    module.origins.of(callee).some((origin) => /(^|\.)keras\.(.*\.)?clone_model$/.test(origin))
  );
}
