/**
 * Classes that wrap and files that build larger models of theirs, as far as one leads to the other: all of them are rewritten, or none.
 */
import type { MigrationContext } from '../../../migration.js';
import type { PythonParser } from '../../syntax/parser.js';

import { importedNames } from '../../analysis/imports.js';
import { PythonModule } from '../../analysis/module.js';
import { projectRoot, pythonFiles } from '../../project/project-files.js';
import { childByField, closest, contains, type PyNode } from '../../syntax/node.js';
import { originContext } from '../find/origin-context.js';
import { findWrapUses } from '../find/wrap-site.js';
import { type ComposedClass, composedClass } from '../model/composed-class.js';
import { compilesSomething, constructionsIn, planComposition, type ProjectView } from '../plans/plan-composition.js';
import { isLookedAt } from '../prefilter.js';
import { Refusal } from '../refusal.js';

import { definitionsInProject } from './exported-origin.js';

/** What the callees of a file are in other files. */
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
    homeOf: (callee) => definitionOf(callee)?.module.source.text,
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
 * Whether everything around a class can be rewritten.
 *
 * @param classMigrates Whether the file of a class can be, given that its users enter a scope.
 */
export function compositionHolds(
  parser: PythonParser,
  context: MigrationContext,
  start: ComposedClass,
  classMigrates: (composed: ComposedClass) => boolean,
): boolean {
  const { files } = context;
  const root = projectRoot(context);
  if (files?.list === undefined || root === undefined) return false;
  const queue = [start];
  const isKnown = (composed: ComposedClass): boolean =>
    queue.some(({ name, path }) => name === composed.name && path === composed.path);
  let composes = false;
  for (const composed of queue) {
    if (isUsedAtHome(composed) || !classMigrates(composed)) return false;
    for (const path of pythonFiles(files, root)) {
      const text = path === composed.path ? undefined : files.read(path);
      if (text === undefined || !text.includes(composed.name)) continue;
      if (!path.endsWith('.py')) return false;
      const user = new PythonModule(parser.parse(path, text), originContext);
      const view = projectView(parser, { ...context, absolutePath: path }, user);
      if (!onlyConstructs(user, composed, view)) return false;
      try {
        const plan = planComposition(user, view);
        if (
          plan !== undefined &&
          (!isLookedAt(text) || findWrapUses(user).sites.length > 0 || isCompiledByOthers(files, root, path))
        )
          return false;
        composes ||= plan !== undefined;
      } catch (error) {
        if (error instanceof Refusal) return false;
        throw error;
      }
      queue.push(
        ...constructionsIn(user, view)
          .map((construction) => construction.composed)
          .filter((other) => !isKnown(other)),
      );
    }
  }
  return composes;
}

/** Whether a file that imports one which builds the larger model compiles, for that may be the larger model. */
function isCompiledByOthers(files: NonNullable<MigrationContext['files']>, root: string, path: string): boolean {
  const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
  const imports = new RegExp(`\\b(?:from|import)\\b[^\\n]*\\b${stem}\\b`);
  return pythonFiles(files, root).some((other) => {
    const text = other === path ? undefined : files.read(other);
    return text !== undefined && imports.test(text) && compilesSomething(text);
  });
}

/** A class that its own file makes objects of, or extends, has users that are not looked at. */
function isUsedAtHome({ module, name }: ComposedClass): boolean {
  return (module.scopes.module.bindings.get(name)?.reads.length ?? 0) > 0;
}

/** Whether a file does nothing with a class but make objects of it. */
function onlyConstructs(user: PythonModule, composed: ComposedClass, view: ProjectView): boolean {
  const isOurs = (node: PyNode): boolean => {
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
      ? isOurs(whole) || !isUnresolved(user, whole)
      : user.origins.of(whole).length === 0 && user.scopes.bindingOf(node) !== undefined;
  });
}

/** A name that nothing binds may come out of a star import. */
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
