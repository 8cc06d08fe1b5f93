/** Finds the methods and subclasses of a class, and the statements that assign its attributes. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { DefinitionName } from '../../project/references.js';

import { enclosingClass, statementOf } from '../../analysis/statements.js';
import { isWrite } from '../../analysis/variables.js';
import { childByField, descendants, namedChildren, type PyNode } from '../../syntax/node.js';

/** The methods that a class itself defines. */
export function methodsOf(owner: PyNode): PyNode[] {
  return [...descendants(owner)].filter(
    (node) => node.type === 'function_definition' && enclosingClass(node) === owner,
  );
}

/** The method of this name that a class itself defines. */
export function methodNamed(module: PythonModule, owner: PyNode, name: string): PyNode | undefined {
  return methodsOf(owner).find((method) => definitionName(module, method) === name);
}

/**
 * The function of this file that a call runs: one that is defined once, the constructor of a class, or a method of the
 * same class that `self` names.
 */
export function functionCalled(module: PythonModule, callee: PyNode): PyNode | undefined {
  if (callee.type === 'identifier') {
    const [write, ...others] = module.scopes.bindingOf(callee)?.writes ?? [];
    const site = others.length > 0 ? undefined : write?.site;
    if (site?.type === 'class_definition') return methodNamed(module, site, '__init__');
    return site?.type === 'function_definition' ? site : undefined;
  }
  const [, name] = /^self\.(\w+)$/.exec(module.source.textOf(callee)) ?? [];
  const owner = enclosingClass(callee);
  return owner === undefined || name === undefined ? undefined : methodNamed(module, owner, name);
}

/** The statements of a class that assign an attribute. */
export function attributeWrites(module: PythonModule, text: string, owner: PyNode): PyNode[] {
  const found: PyNode[] = [];
  for (const node of descendants(owner)) {
    if (node.type === 'attribute' && module.source.textOf(node) === text && isWrite(node))
      found.push(statementOf(node));
  }
  return found;
}

/** The classes of a file that extend a class of this name directly. */
export function subclassesIn(module: PythonModule, name: string): PyNode[] {
  const base = new RegExp(`(^|\\.)${name}$`);
  return module.source.nodes.filter((node) => {
    const bases = node.type === 'class_definition' ? childByField(node, 'superclasses') : undefined;
    return bases !== undefined && namedChildren(bases).some((each) => base.test(module.source.textOf(each)));
  });
}

/** The name of a class or function. */
export function definitionName(module: PythonModule, definition: PyNode): string {
  return module.source.textOf(childByField(definition, 'name') ?? definition);
}

/** The name and the file of a class or function. */
export function nameOf(module: PythonModule, definition: PyNode): DefinitionName {
  return { path: module.source.path, name: definitionName(module, definition) };
}

/** The function of this name that a module defines at its top level. */
export function topLevelFunction(module: PythonModule, name: string): PyNode | undefined {
  return module.source.root.children.find(
    (node) => node.type === 'function_definition' && definitionName(module, node) === name,
  );
}

/** The class that a function is a method of. */
export function methodOwner(definition: PyNode): PyNode | undefined {
  const owner = enclosingClass(definition);
  const holder = definition.parent?.type === 'decorated_definition' ? definition.parent.parent : definition.parent;
  return owner !== undefined && holder === childByField(owner, 'body') ? owner : undefined;
}
