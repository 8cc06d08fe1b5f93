/** Decides whether other files compile the model that a function returns. Pure. */
import type { PythonProject } from '../../project/python-project.js';
import type { DefinitionName, Reference } from '../../project/references.js';
import type { ImportedFunction } from '../model/imported-models.js';

import { isRefusal } from '../../../refusal.js';
import { referencesTo } from '../../project/references.js';
import { importedModels } from '../model/imported-models.js';
import { planImportedCompiles } from '../plans/plan-imported-compiles.js';
import { isMigrated } from '../prefilter.js';

/** Whether at least one other file compiles what a function returns, and every one that does can be migrated. */
export function isCompiledInOtherFiles(project: PythonProject, { path, name }: DefinitionName): boolean {
  let isCompiled = false;
  for (const caller of modulesOf(referencesTo(project, { path, name }))) {
    if (caller.source.path.endsWith('.ipynb')) return false;
    const imported = importedModels(caller, (from, module) => project.imported(from, module)).filter(({ functions }) =>
      functions.some(({ origin, called }) => called === name && origin.source.path === path),
    );
    if (imported.length === 0) return false;
    if (imported.some(({ models, functions }) => models.length === 0 || !areOne(functions))) return false;
    const plan = planImportedCompiles(caller, imported);
    // A file that the run does not open keeps its compile outside the scope.
    if (isRefusal(plan) || (plan.compiles.length > 0 && !isMigrated(caller.source.text))) return false;
    isCompiled ||= plan.compiles.length > 0;
  }
  return isCompiled;
}

/** The modules of some references, each once. */
export function modulesOf(references: readonly Reference[]): Set<Reference['module']> {
  return new Set(references.map(({ module }) => module));
}

/** Whether all functions get their model from one function; otherwise they would have to be migrated together. */
function areOne(functions: readonly ImportedFunction[]): boolean {
  return functions.every(
    ({ origin, wrapping }) => origin === functions[0]?.origin && wrapping === functions[0].wrapping,
  );
}
