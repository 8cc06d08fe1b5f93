/** Finds builders of other files that clear the session, which must not happen inside a scope. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';
import type { FindDefinitions } from '../model/constructed-models.js';

import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField } from '../../syntax/node.js';

const RESETS = /\b(clear_session|reset_default_graph)\s*\(/;

/**
 * Refuses a scope that would contain the call of such a builder.
 *
 * @param module - The file.
 * @param range - The code that runs in the scope, from the first statement that builds to the last one that compiles.
 * @param range.start - Its start.
 * @param range.end - Its end.
 * @param definitionsOf - Finds what a callee refers to in other files.
 */
export function importedSessionReset(
  module: PythonModule,
  { start, end }: { readonly start: number; readonly end: number },
  definitionsOf: FindDefinitions,
): Refusal | undefined {
  for (const node of module.source.nodes) {
    if (node.type !== 'call' || node.start < start || node.end > end) continue;
    const callee = childByField(node, 'function');
    if (callee === undefined || module.origins.of(callee).length === 0) continue;
    if (definitionsOf(callee).some((found) => RESETS.test(found.module.source.textOf(found.node))))
      return REFUSALS.builderClearsSession(module.source.textOf(callee));
  }
  return undefined;
}
