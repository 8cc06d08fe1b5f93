/** Decides whether other files compile the model that a function returns. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';
import type { DefinitionName, Reference } from '../../project/references.js';
import type { ImportedFunction, ImportedModel } from '../model/imported-models.js';

import { isRefusal, Refusal } from '../../../refusal.js';
import { referencesTo } from '../../project/references.js';
import { findPartOfLarger } from '../checks/larger-models.js';
import { importedModels } from '../model/imported-models.js';
import { followModel } from '../model/model-flow.js';
import { planImportedCompiles } from '../plans/plan-imported-compiles.js';
import { isMigrated } from '../prefilter.js';

import { composedAt, pathSeenFrom } from './attribute-uses.js';

/** Whether at least one other file compiles what a function returns, and every one that does can be migrated. */
export function isCompiledInOtherFiles(project: PythonProject, { path, name }: DefinitionName): boolean {
  let isCompiled = false;
  for (const caller of modulesOf(referencesTo(project, { path, name }))) {
    if (caller.source.path.endsWith('.ipynb')) return false;
    const imported = modelsFrom(project, caller, { path, name });
    if (imported.length === 0) return false;
    if (imported.some(({ models, functions }) => models.length === 0 || !areOne(functions))) return false;
    const plan = planImportedCompiles(project, caller, imported);
    // A file that the run does not open keeps its compile outside the scope.
    if (isRefusal(plan) || (plan.compiles.length > 0 && !isMigrated(caller.source.text))) return false;
    isCompiled ||= plan.compiles.length > 0;
  }
  return isCompiled;
}

/** What keeps another file from compiling the model of a function in its scope, told with the name of that file. */
export function obstacleInOtherFiles(project: PythonProject, definition: DefinitionName): Refusal | undefined {
  for (const caller of modulesOf(referencesTo(project, definition))) {
    const plan = planImportedCompiles(project, caller, modelsFrom(project, caller, definition));
    if (isRefusal(plan))
      return new Refusal(plan.reason, `in ${pathSeenFrom(definition.path, caller.source.path)}, ${plan.message}`);
  }
  return undefined;
}

/** Refuses when another file builds a larger model from what a function returns, and compiles it outside its scope. */
export function checkReturnNotComposed(project: PythonProject, definition: DefinitionName): Refusal | undefined {
  for (const caller of modulesOf(referencesTo(project, definition))) {
    const models = modelsFrom(project, caller, definition).flatMap((imported) => imported.models);
    const part = findPartOfLarger(caller, followModel(caller, models).models);
    if (part !== undefined) return composedAt(definition.path, { module: caller, node: part });
  }
  return undefined;
}

/** The calls of a function in another file. */
function modelsFrom(project: PythonProject, caller: PythonModule, { path, name }: DefinitionName): ImportedModel[] {
  return importedModels(project, caller).filter(({ functions }) =>
    functions.some(({ origin, called }) => called === name && origin.source.path === path),
  );
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
