/** Finds optimizers and metrics of other files, which are created when these are imported: outside the scope. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';

import { callsIn } from '../../analysis/calls.js';
import { assignmentOf, callArguments, statementOf } from '../../analysis/statements.js';
import { COMPILES } from '../../lifecycle/vocabulary-table.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { descendants, type PyNode } from '../../syntax/node.js';
import { createsVariables } from '../model/creates-variables.js';
import { isMethod } from '../model/method-calls.js';

/**
 * Refuses a `compile` in a scope that takes such an object.
 *
 * @param project - The project.
 * @param module - The file.
 * @param range - The code that runs in the scope, from the first statement that builds to the last one that compiles.
 * @param range.start - Its start.
 * @param range.end - Its end.
 */
export function importedCompilePart(
  project: PythonProject,
  module: PythonModule,
  { start, end }: { readonly start: number; readonly end: number },
): Refusal | undefined {
  for (const { call, callee } of callsIn(module.source.root)) {
    if (call.start < start || call.end > end || !isMethod(module, callee, COMPILES)) continue;
    const { positional, keywords } = callArguments(module.source, call);
    for (const value of [...positional, ...keywords.values()]) {
      const part = [...descendants(value)].find((node) => isCreatedOnImport(project, module, node));
      if (part !== undefined) return REFUSALS.createdOutsideFunction(module.source.textOf(part));
    }
  }
  return undefined;
}

/** Whether a name of another file holds an object that this file creates at its top level. */
function isCreatedOnImport(project: PythonProject, module: PythonModule, node: PyNode): boolean {
  if (node.type !== 'identifier' && node.type !== 'attribute') return false;
  return module.origins.of(node).some((origin) => {
    const dot = origin.lastIndexOf('.');
    const home = project.imported(module, origin.slice(0, dot) || '.');
    const binding = home?.scopes.module.bindings.get(origin.slice(dot + 1));
    return (
      home !== undefined &&
      binding?.writes.some(({ kind, name }) => {
        const value = kind === 'assignment' ? assignmentOf(statementOf(name))?.right : undefined;
        return value !== undefined && createsVariables(home, value);
      }) === true
    );
  });
}
