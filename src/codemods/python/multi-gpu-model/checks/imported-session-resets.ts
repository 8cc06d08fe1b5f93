/** Finds builders of other files that clear the session, which must not happen inside a scope. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';

import { callsIn } from '../../analysis/calls.js';
import { definitionsInProject } from '../../project/follow-name.js';
import { REFUSALS } from '../../refusal-messages-table.js';

const RESETS = /\b(clear_session|reset_default_graph)\s*\(/;

/**
 * Refuses a scope that would contain the call of such a builder.
 *
 * @param project - The project.
 * @param module - The file.
 * @param range - The code that runs in the scope, from the first statement that builds to the last one that compiles.
 * @param range.start - Its start.
 * @param range.end - Its end.
 */
export function importedSessionReset(
  project: PythonProject,
  module: PythonModule,
  { start, end }: { readonly start: number; readonly end: number },
): Refusal | undefined {
  for (const { call, callee } of callsIn(module.source.root)) {
    if (call.start < start || call.end > end || module.origins.of(callee).length === 0) continue;
    if (
      definitionsInProject(project, module, callee).some((found) => RESETS.test(found.module.source.textOf(found.node)))
    )
      return REFUSALS.builderClearsSession(module.source.textOf(callee));
  }
  return undefined;
}
