/**
 * Follows classes that wrap models to the files that build larger models from theirs, and back: either all of them are
 * migrated or none. Pure.
 */
import type { StrategyTarget } from '../../../options.js';
import type { Definition } from '../../analysis/definition.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';
import type { Reference } from '../../project/references.js';

import { isRefusal } from '../../../refusal.js';
import { definitionsInProject } from '../../project/follow-name.js';
import { referencesTo } from '../../project/references.js';
import { contains, type PyNode } from '../../syntax/node.js';
import { findWrapUses } from '../find/find-wrap-uses.js';
import { type ComposedClass, composedClass } from '../model/composed-class.js';
import { constructionsIn, type ProjectView } from '../model/constructions.js';
import { compilesSomething } from '../plans/composition-region.js';
import { planComposition } from '../plans/plan-composition.js';
import { isMigrated } from '../prefilter.js';

import { modulesOf } from './compiles.js';

/** What the callees of a file refer to in other files. */
export function projectView(project: PythonProject, module: PythonModule): ProjectView {
  const definitionOf = (callee: PyNode): Definition | undefined => {
    const [definition, ...others] = definitionsInProject(project, module, callee);
    return others.length > 0 ? undefined : definition;
  };
  return {
    classOf: (callee) => {
      const definition = definitionOf(callee);
      return definition === undefined
        ? undefined
        : composedClass(definition.module, definition.module.source.path, definition.node);
    },
    moduleOf: (callee) => definitionOf(callee)?.module,
    definedAs: (callee) => {
      const definition = definitionOf(callee);
      if (definition === undefined) return 'unknown';
      return findWrapUses(definition.module).sites.some(({ call }) => contains(definition.node, call))
        ? 'wraps'
        : 'plain';
    },
  };
}

/**
 * Whether a class, all its users and all other classes of these users can be migrated.
 *
 * @param project - The project.
 * @param start - The class.
 * @param target - The strategy to write.
 * @param canMigrateClass - Whether the file of a class can be migrated, provided that its users enter a scope.
 * @returns Also false when no file builds a larger model.
 */
export function isComposedInOneScope(
  project: PythonProject,
  start: ComposedClass,
  target: StrategyTarget,
  canMigrateClass: (composed: ComposedClass) => boolean,
): boolean {
  const queue = [start];
  const isKnown = (composed: ComposedClass): boolean =>
    queue.some(({ name, path }) => name === composed.name && path === composed.path);
  let buildsLargerModel = false;
  for (const composed of queue) {
    if (isUsedInOwnFile(composed) || !canMigrateClass(composed)) return false;
    const references = referencesTo(project, composed);
    if (!references.every(isConstruction)) return false;
    for (const user of modulesOf(references)) {
      const { path, text } = user.source;
      if (path.endsWith('.ipynb')) return false;
      const view = projectView(project, user);
      const plan = planComposition(user, view, target);
      if (isRefusal(plan)) return false;
      if (
        plan !== undefined &&
        (!isMigrated(text) || findWrapUses(user).sites.length > 0 || isCompiledByImporter(project, path))
      )
        return false;
      buildsLargerModel ||= plan !== undefined;
      queue.push(
        ...constructionsIn(user, view)
          .map((construction) => construction.composed)
          .filter((other) => !isKnown(other)),
      );
    }
  }
  return buildsLargerModel;
}

/** Whether a file that imports another one compiles anything: it may compile the larger model of that file. */
function isCompiledByImporter(project: PythonProject, path: string): boolean {
  return project.index.importersOf(path).some((importer) => compilesSomething(project.module(importer)));
}

/** Whether the file of a class uses the class: such uses are not checked. */
function isUsedInOwnFile({ module, name }: ComposedClass): boolean {
  return (module.scopes.module.bindings.get(name)?.reads.length ?? 0) > 0;
}

/** Whether a use of a class creates an object. */
export function isConstruction({ node }: Reference): boolean {
  return node.parent?.type === 'call' && node.field === 'function';
}
