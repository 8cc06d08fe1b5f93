/** Proves that a value is a distribution strategy. Pure. */
import { definesMethod, importsAny, type ReceiverProof } from './receiver-proof.js';

/** A distinctive method name is proof enough; for other methods, the name of the receiver must end in `strategy`. */
export const isStrategy: ReceiverProof = (module, { object, name }, { distinctive }) => {
  // A class in this file with a method of that name may be the receiver.
  if (definesMethod(module, name)) return false;
  const isCalledStrategy = distinctive === true || /strategy$/i.test(module.source.textOf(object));
  return isCalledStrategy && importsAny(module, /^tensorflow(\.|$)/);
};
