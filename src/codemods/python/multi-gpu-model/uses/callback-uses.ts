/** Decides whether a callback class changes together with the files that use it. Pure. */
import type { Plan } from '../../../result.js';
import type { Definition } from '../../analysis/definition.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';

import { isRefusal } from '../../../refusal.js';
import { referencesTo } from '../../project/references.js';
import { contains, type PyNode } from '../../syntax/node.js';
import { templateInClass } from '../callbacks/template-in-callbacks.js';
import { findWrapUses } from '../find/find-wrap-uses.js';
import { definitionName } from '../model/class-members.js';
import { isMigrated } from '../prefilter.js';

import { isConstruction } from './composed-scope.js';

/** Whether a file uses a definition of its own anywhere but inside it. */
function isUsedOutsideItself(module: PythonModule, name: string, definition: PyNode): boolean {
  const reads = module.scopes.module.bindings.get(name)?.reads ?? [];
  return reads.some((read) => !contains(definition, read));
}

/**
 * Whether a callback that takes the original model out of the multi-GPU model can get the one model instead: all files
 * that use the class only create objects of it, and migrate every wrap.
 *
 * @param project - The project.
 * @param definition - The class.
 * @param planOf - The plan of another file.
 * @returns Whether the file of the class and its users change together.
 */
export function migratesCallback(
  project: PythonProject,
  { module, node }: Definition,
  planOf: (path: string) => Plan | undefined,
): boolean {
  const { path, text } = module.source;
  const name = definitionName(module, node);
  const edits = templateInClass(module, node);
  if (isRefusal(edits) || edits.length === 0 || !isMigrated(text) || !path.endsWith('.py')) return false;
  // A file that wraps changes its own classes, and uses in the file itself are not checked.
  if (findWrapUses(module).sites.length > 0 || isUsedOutsideItself(module, name, node)) return false;
  const uses = referencesTo(project, { path, name });
  return (
    uses.length > 0 &&
    uses.every((use) => {
      const { source } = use.module;
      const plan = isConstruction(use) && source.path.endsWith('.py') ? planOf(source.path) : undefined;
      return (
        plan !== undefined &&
        plan.changes.length > 0 &&
        plan.findings.every(({ disposition }) => disposition !== 'refuse') &&
        findWrapUses(use.module).sites.length > 0
      );
    })
  );
}
