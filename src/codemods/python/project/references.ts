/** Finds the uses of a definition in the other files of its project, through imports and re-exports. Pure. */
import type { Definition } from '../analysis/definition.js';
import type { PythonModule } from '../analysis/module.js';
import type { PythonProject } from './python-project.js';

import { childByField, closest, type PyNode } from '../syntax/node.js';

/** A class or function at the top level of a file. */
export interface DefinitionName {
  readonly path: string;
  readonly name: string;
}

/** A use of a definition in another file: the name, or `module.name`. */
export interface Reference {
  readonly module: PythonModule;
  readonly node: PyNode;
}

/** Every use of a definition in other files; import statements are not uses. */
export function referencesTo(project: PythonProject, { path, name }: DefinitionName): Reference[] {
  const { index } = project;
  const exported = index.exportsOf(path, name);
  const found = new Map<PyNode, Reference>();
  const add = (module: PythonModule, nodes: readonly PyNode[]): void => {
    for (const node of nodes) found.set(node, { module, node });
  };
  for (const each of exported) {
    const module = project.module(each.path);
    if (module !== undefined) add(module, readsOfImport(module, each.name));
  }
  for (const home of [{ path, name }, ...exported]) {
    for (const importer of index.importersOf(home.path)) {
      const module = importer === path ? undefined : project.module(importer);
      for (const { target, member, local } of index.importsOf(importer))
        if (module !== undefined && target === home.path && member === undefined && local !== undefined)
          add(module, membersOf(module, local, home.name));
    }
  }
  return [...found.values()];
}

/**
 * Whether other files import a name, or use it after a star import or as a member of its module. What a package has in
 * its `__init__.py` is there to be imported.
 */
export function isImported(project: PythonProject, definition: DefinitionName): boolean {
  if (project.canList && definition.path.endsWith('/__init__.py')) return true;
  const exported = project.index.exportsOf(definition.path, definition.name);
  // A star import alone does not show that the file needs this name.
  return (
    exported.some(({ path, name }) => project.text(path)?.includes(name) === true) ||
    referencesTo(project, definition).length > 0
  );
}

/** The reads of a name that an import binds, or that nothing but a star import can bind. */
function readsOfImport(module: PythonModule, name: string): PyNode[] {
  return module.identifiersNamed(name).filter((node) => {
    if (isImportedName(node) || !isRead(node)) return false;
    const binding = module.scopes.bindingOf(node);
    return binding === undefined
      ? module.scopes.starImports.length > 0
      : binding.writes.some(({ kind, name: written }) => kind === 'import' && written !== node);
  });
}

/** The expressions `local.name` for a module that is imported as `local`. */
function membersOf(module: PythonModule, local: string, name: string): PyNode[] {
  return module.identifiersNamed(name).flatMap((node) => {
    const whole = node.field === 'attribute' && node.parent?.type === 'attribute' ? node.parent : undefined;
    const object = whole === undefined ? undefined : childByField(whole, 'object');
    if (whole === undefined || object === undefined || module.source.textOf(object).replaceAll(/\s/g, '') !== local)
      return [];
    return module.origins.of(object).length > 0 ? [whole] : [];
  });
}

function isImportedName(node: PyNode): boolean {
  return closest(node, ({ type }) => type === 'import_from_statement' || type === 'import_statement') !== undefined;
}

/** Whether an identifier is a name rather than the name of an attribute or of a keyword. */
function isRead(node: PyNode): boolean {
  return node.field !== 'attribute' && !(node.field === 'name' && node.parent?.type === 'keyword_argument');
}

/** The classes of other files that extend a class, directly or through others. */
export function subclassesInProject(project: PythonProject, base: DefinitionName): Definition[] {
  const queue = [base];
  const found: Definition[] = [];
  for (const each of queue) {
    const home = project.module(each.path);
    const own = home === undefined ? [] : readsIn(home, each.name).map((node) => ({ module: home, node }));
    for (const { module, node } of [...own, ...referencesTo(project, each)]) {
      const definition = classExtending(node);
      const name = definition === undefined ? undefined : childByField(definition, 'name');
      if (definition === undefined || name === undefined) continue;
      const next = { path: module.source.path, name: module.source.textOf(name) };
      if (queue.some((known) => known.path === next.path && known.name === next.name)) continue;
      queue.push(next);
      if (next.path !== base.path) found.push({ module, node: definition });
    }
  }
  return found;
}

function readsIn(module: PythonModule, name: string): readonly PyNode[] {
  return module.scopes.module.bindings.get(name)?.reads ?? [];
}

/** The class that has this expression among its bases. */
function classExtending({ parent, field }: PyNode): PyNode | undefined {
  const list = parent?.type === 'argument_list' && field !== 'name' ? parent : undefined;
  return list?.field === 'superclasses' ? list.parent : undefined;
}
