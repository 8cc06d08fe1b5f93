/**
 * Follows classes that wrap models to the files that build larger models from theirs, and back: either all of them are
 * migrated or none. Reads files through `SourceFiles`.
 */
import type { MigrationContext } from '../../../migration.js';
import type { PythonParser } from '../../syntax/parser.js';

import { isRefusal } from '../../../refusal.js';
import { importedNames } from '../../analysis/imports.js';
import { PythonModule } from '../../analysis/module.js';
import { projectRoot, pythonFiles } from '../../project/project-files.js';
import { childByField, closest, contains, type PyNode } from '../../syntax/node.js';
import { findWrapUses } from '../find/find-wrap-uses.js';
import { originContext } from '../find/origin-context.js';
import { type ComposedClass, composedClass } from '../model/composed-class.js';
import { constructionsIn, type ProjectView } from '../model/constructions.js';
import { compilesSomething } from '../plans/composition-region.js';
import { planComposition } from '../plans/plan-composition.js';
import { isMigrated } from '../prefilter.js';

import { definitionsInProject } from './exported-origin.js';

/** What the callees of a file refer to in other files. */
export function projectView(parser: PythonParser, context: MigrationContext, module: PythonModule): ProjectView {
  const definitionOf = (callee: PyNode): ReturnType<typeof definitionsInProject>[number] | undefined => {
    const [definition, ...others] = definitionsInProject(parser, context, module, callee);
    return others.length > 0 ? undefined : definition;
  };
  return {
    classOf: (callee) => {
      const definition = definitionOf(callee);
      return definition === undefined
        ? undefined
        : composedClass(definition.module, definition.module.source.path, definition.node);
    },
    fileOf: (callee) => definitionOf(callee)?.module.source.text,
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
 * @param parser - Parses the other files.
 * @param context - A file of the project.
 * @param start - The class.
 * @param canMigrateClass - Whether the file of a class can be migrated, provided that its users enter a scope.
 * @returns Also false when no file builds a larger model.
 */
export function isComposedInOneScope(
  parser: PythonParser,
  context: MigrationContext,
  start: ComposedClass,
  canMigrateClass: (composed: ComposedClass) => boolean,
): boolean {
  const { files } = context;
  const root = projectRoot(context);
  if (files?.list === undefined || root === undefined) return false;
  const queue = [start];
  const isKnown = (composed: ComposedClass): boolean =>
    queue.some(({ name, path }) => name === composed.name && path === composed.path);
  let buildsLargerModel = false;
  for (const composed of queue) {
    if (isUsedInOwnFile(composed) || !canMigrateClass(composed)) return false;
    for (const path of pythonFiles(files, root)) {
      const text = path === composed.path ? undefined : files.read(path);
      if (text === undefined || !text.includes(composed.name)) continue;
      if (!path.endsWith('.py')) return false;
      const user = new PythonModule(parser.parse(path, text), originContext);
      const view = projectView(parser, { ...context, absolutePath: path }, user);
      if (!onlyConstructs(user, composed, view)) return false;
      const plan = planComposition(user, view);
      if (isRefusal(plan)) return false;
      if (
        plan !== undefined &&
        (!isMigrated(text) || findWrapUses(user).sites.length > 0 || isCompiledByImporter(files, root, path))
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
function isCompiledByImporter(files: NonNullable<MigrationContext['files']>, root: string, path: string): boolean {
  const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
  const imports = new RegExp(`\\b(?:from|import)\\b[^\\n]*\\b${stem}\\b`);
  return pythonFiles(files, root).some((other) => {
    const text = other === path ? undefined : files.read(other);
    return text !== undefined && imports.test(text) && compilesSomething(text);
  });
}

/** Whether the file of a class uses the class: such uses are not checked. */
function isUsedInOwnFile({ module, name }: ComposedClass): boolean {
  return (module.scopes.module.bindings.get(name)?.reads.length ?? 0) > 0;
}

/** Whether a file only creates objects of a class. */
function onlyConstructs(user: PythonModule, composed: ComposedClass, view: ProjectView): boolean {
  const isClass = (node: PyNode): boolean => {
    const found = view.classOf(node);
    return found?.name === composed.name && found.path === composed.path;
  };
  return user.source.nodes.every((node) => {
    if (node.type !== 'identifier' || user.source.textOf(node) !== composed.name) return true;
    if (
      closest(node, (parent) => parent.type === 'import_from_statement' || parent.type === 'import_statement') !==
      undefined
    )
      return !hasAlias(user, node);
    const whole = node.field === 'attribute' && node.parent?.type === 'attribute' ? node.parent : node;
    const defined = user.scopes.bindingOf(node)?.writes.some(({ kind }) => kind === 'definition') === true;
    if (defined) return true;
    return whole.parent?.type === 'call' && whole.field === 'function'
      ? isClass(whole) || !isUnresolved(user, whole)
      : user.origins.of(whole).length === 0 && user.scopes.bindingOf(node) !== undefined;
  });
}

/** Whether a star import may bind a name. */
function isUnresolved(user: PythonModule, callee: PyNode): boolean {
  return user.origins.of(callee).length === 0 && user.scopes.starImports.length > 0;
}

function hasAlias(user: PythonModule, node: PyNode): boolean {
  const statement = closest(node, (parent) => parent.type === 'import_from_statement');
  if (statement === undefined) return false;
  return importedNames(user.source, statement).some(
    ({ clause, member, local }) =>
      contains(clause, node) && childByField(clause, 'alias') !== undefined && member !== local,
  );
}
