/** Checks that no other file builds a larger model from a wrapped one that a function returns. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { Lifecycle } from '../model/lifecycle.js';

import { enclosingFunction } from '../../analysis/statements.js';
import { nameOf } from '../model/class-members.js';
import { checkReturnNotComposed } from '../uses/compiles.js';

/** Refuses a model that a function returns to another file, which builds a larger one from it. */
export function checkReturnedParts({ module, escapes, context }: Lifecycle): Refusal | undefined {
  for (const { node } of escapes) {
    const definition = node.type === 'return_statement' ? enclosingFunction(node) : undefined;
    const refusal =
      definition === undefined
        ? undefined
        : checkReturnNotComposed(context.context.project, nameOf(module, definition));
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
