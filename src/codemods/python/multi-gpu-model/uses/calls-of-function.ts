/** Finds the calls of a function or method in all files of its project, and what they pass. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';
import type { Reference } from '../../project/references.js';

import { parameterName } from '../../analysis/scopes.js';
import { callArguments, enclosingClass } from '../../analysis/statements.js';
import { referencesTo } from '../../project/references.js';
import { childByField, namedChildren, type PyNode } from '../../syntax/node.js';
import { definitionName, methodOwner, nameOf } from '../model/class-members.js';
import { argumentsFor } from '../model/compile-arguments.js';

import { ObjectsOfClass } from './object-of-class.js';

/** The calls of a function. Those of a method are all calls of the name on what may be an object of the class. */
export function callsOfFunction(project: PythonProject, module: PythonModule, definition: PyNode): Reference[] {
  const owner = methodOwner(definition);
  if (owner === undefined) return callsOfName(project, module, definition);
  const name = definitionName(module, definition);
  if (name === '__init__') return callsOfName(project, module, owner);
  const family = project.index.familyOf(module.source.path);
  const others = project.filesMentioning(name).filter((path) => path !== module.source.path && family.has(path));
  const objects = new ObjectsOfClass(project, nameOf(module, owner));
  return [module, ...others.flatMap((path) => project.module(path) ?? [])].flatMap((file) =>
    file.identifiersNamed(name).flatMap((node) => {
      const callee = node.field === 'attribute' && node.parent?.type === 'attribute' ? node.parent : undefined;
      const object = callee === undefined ? undefined : childByField(callee, 'object');
      if (callee === undefined || object === undefined || callee.field !== 'function') return [];
      const isOwn = file === module && enclosingClass(callee) === owner && file.source.textOf(object) === 'self';
      if (!isOwn && !objects.mayBe(file, object)) return [];
      return callee.parent?.type === 'call' ? [{ module: file, node: callee.parent }] : [];
    }),
  );
}

/** The calls of a class or function by its name. */
function callsOfName(project: PythonProject, module: PythonModule, definition: PyNode): Reference[] {
  const name = childByField(definition, 'name');
  const own = name === undefined ? [] : (module.scopes.bindingOf(name)?.reads ?? []);
  const others = definition.parent === module.source.root ? referencesTo(project, nameOf(module, definition)) : [];
  return [...own.map((node) => ({ module, node })), ...others].flatMap(({ module: file, node }) =>
    node.field === 'function' && node.parent?.type === 'call' ? [{ module: file, node: node.parent }] : [],
  );
}

/**
 * What a call passes for a parameter.
 *
 * @param call - The call.
 * @param module - The file of the function.
 * @param definition - The function.
 * @param name - The parameter.
 * @param keyword - Set when the parameter collects keywords: the one to look for.
 * @returns Nothing when the parameter gets its default.
 */
export function handedOver(
  { module: file, node: call }: Reference,
  module: PythonModule,
  definition: PyNode,
  name: string,
  keyword: string | undefined,
): readonly PyNode[] {
  const parameters = namedChildren(childByField(definition, 'parameters') ?? definition);
  if (keyword !== undefined) {
    const isCollected = parameters.some(
      (parameter) => parameter.type === 'dictionary_splat_pattern' && nameText(module, parameter) === name,
    );
    return isCollected ? argumentsFor(file, call, keyword, -1) : [];
  }
  const isMethod = methodOwner(definition) !== undefined;
  const position = parameters.findIndex((parameter) => nameText(module, parameter) === name) - (isMethod ? 1 : 0);
  const { positional } = callArguments(file.source, call);
  return argumentsFor(file, call, name, position < positional.length ? position : -1);
}

function nameText(module: PythonModule, parameter: PyNode): string | undefined {
  const name = parameterName(parameter);
  return name === undefined ? undefined : module.source.textOf(name);
}
