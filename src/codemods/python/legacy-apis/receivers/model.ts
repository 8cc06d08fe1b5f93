/** Proves that a value is a Keras model, by a method name that only models have. Pure. */
import type { PythonModule } from '../../analysis/module.js';

import { isWrite } from '../../analysis/variables.js';

import { definesMethod, importsAny, type MemberAccess, type ReceiverProof } from './receiver-proof.js';

/** The method is called or stored, in a file that imports Keras and defines no such method itself. */
export const isModel: ReceiverProof = (module, access) => {
  const { node, name } = access;
  const isCalled = node.parent?.type === 'call' && node.field === 'function';
  if (!isCalled && !isStoredMethod(module, access)) return false;
  return !definesMethod(module, name) && importsAny(module, /^(keras|tf_keras|tensorflow)(\.|$)/);
};

/**
 * `train = model.fit_generator`: not a member of an imported module, and not an attribute that the file sets itself.
 */
function isStoredMethod(module: PythonModule, { object, name }: MemberAccess): boolean {
  if (module.origins.of(object).length > 0) return false;
  return module.identifiersNamed(name).every(({ parent }) => parent?.type !== 'attribute' || !isWrite(parent));
}
