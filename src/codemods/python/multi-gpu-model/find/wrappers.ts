/**
 * The project's own wrappers: a copy of Keras' function, a helper that calls it, or a subclass that wraps in `__init__`
 * and forwards loading and saving to the original model. A call of one is a wrap, like a call of Keras' function. Pure.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';
import type { WrapperSignature } from './wrap-site.js';

import { callsIn } from '../../analysis/calls.js';
import { importedNames, moduleOf } from '../../analysis/imports.js';
import { parameterName } from '../../analysis/scopes.js';
import { enclosingFunction } from '../../analysis/statements.js';
import { childByField, contains, descendants, namedChildren, type PyNode } from '../../syntax/node.js';

import { helperSignature } from './helper-functions.js';
import { isLegacyFunction } from './legacy-api.js';

/** A callable of the project that wraps the model that it receives. */
export interface Wrapper {
  readonly kind: 'copy' | 'subclass' | 'helper';
  readonly name: string;
  /** The definition, decorators included. */
  readonly definition: PyNode;
  readonly module: PythonModule;
  readonly signature: WrapperSignature;
}

/** The wrappers that a file defines at module level. */
export function definedWrappers(module: PythonModule): Wrapper[] {
  return module.source.root.children.map((node) => wrapperAt(module, node)).filter((wrapper) => wrapper !== undefined);
}

/** The wrapper that a statement defines. */
function wrapperAt(module: PythonModule, node: PyNode): Wrapper | undefined {
  const definition = node.type === 'decorated_definition' ? childByField(node, 'definition') : node;
  const name = definition === undefined ? undefined : childByField(definition, 'name');
  if (definition === undefined || name === undefined || !isOnlyMeaning(module, name)) return undefined;
  const wrapper =
    definition.type === 'function_definition'
      ? (copyOf(module, definition) ?? (definition === node ? helperOf(module, definition) : undefined))
      : definition.type === 'class_definition'
        ? subclassOf(module, definition)
        : undefined;
  return wrapper === undefined ? undefined : { ...wrapper, name: module.source.textOf(name), definition: node, module };
}

/** Whether a name has no other meaning: two definitions, or one that replaces an import, may each be the one called. */
function isOnlyMeaning(module: PythonModule, name: PyNode): boolean {
  return module.scopes.module.bindings.get(module.source.textOf(name))?.writes.length === 1;
}

/** The wrapper that a callee refers to, whether this file or another one of the project defines it. */
export function wrapperOf(project: PythonProject, module: PythonModule, callee: PyNode): Wrapper | undefined {
  if (callee.type === 'identifier') return wrapperNamed(project, module, callee);
  if (callee.type !== 'attribute') return undefined;
  const [object, member] = [childByField(callee, 'object'), childByField(callee, 'attribute')];
  const origin = object === undefined ? undefined : module.origins.single(object);
  return origin === undefined || member === undefined
    ? undefined
    : importedWrapper(project, module, origin, module.source.textOf(member));
}

function wrapperNamed(project: PythonProject, module: PythonModule, name: PyNode): Wrapper | undefined {
  const binding = module.scopes.bindingOf(name);
  if (binding === undefined) return starWrapper(project, module, name);
  const [write] = binding.writes;
  if (write === undefined || binding.writes.length !== 1) return undefined;
  if (write.kind === 'definition') {
    const outermost = module.source.root.children.find((node) => contains(node, write.name));
    return outermost === undefined || binding.scope !== module.scopes.module ? undefined : wrapperAt(module, outermost);
  }
  if (write.kind !== 'import') return undefined;
  const imported = importedNames(module.source, write.site).find(({ clause }) => contains(clause, write.name));
  return imported?.member === undefined
    ? undefined
    : importedWrapper(project, module, imported.module, imported.member);
}

/** The wrapper that a star import brings, if only one of them can. */
function starWrapper(project: PythonProject, module: PythonModule, name: PyNode): Wrapper | undefined {
  const found = module.scopes.starImports.flatMap((statement) => {
    const wrapper = importedWrapper(project, module, moduleOf(module.source, statement), module.source.textOf(name));
    return wrapper ?? [];
  });
  return found.length === 1 ? found[0] : undefined;
}

function importedWrapper(
  project: PythonProject,
  from: PythonModule,
  module: string,
  member: string,
): Wrapper | undefined {
  if (/^(keras|tensorflow|numpy|os|sys)\b/.test(module)) return undefined;
  const loaded = project.imported(from, module);
  const wrapper = loaded === undefined ? undefined : definedWrappers(loaded).find(({ name }) => name === member);
  const { globalGpus, globalCondition } = wrapper?.signature ?? {};
  // This file may not have the global names of the other one.
  return globalGpus === undefined && globalCondition === undefined ? wrapper : undefined;
}

/** A copy of Keras' function: named `multi_gpu_model`, it builds one tower per device and merges them. */
function copyOf(module: PythonModule, definition: PyNode): Pick<Wrapper, 'kind' | 'signature'> | undefined {
  const name = childByField(definition, 'name');
  if (name === undefined || module.source.textOf(name) !== 'multi_gpu_model') return undefined;
  const parameters = parametersOf(module, definition);
  const text = module.source.textOf(definition);
  if (parameters.length < 2 || !/\.device\(/.test(text) || !/[cC]oncatenate|merge\(/.test(text)) return undefined;
  return { kind: 'copy', signature: { parameters, model: parameters[0] ?? '', gpus: parameters[1] } };
}

function helperOf(module: PythonModule, definition: PyNode): Pick<Wrapper, 'kind' | 'signature'> | undefined {
  const signature = helperSignature(module, definition);
  return signature === undefined ? undefined : { kind: 'helper', signature };
}

/** A class whose `__init__` copies the attributes of the multi-GPU model, and whose methods only forward. */
function subclassOf(module: PythonModule, definition: PyNode): Pick<Wrapper, 'kind' | 'signature'> | undefined {
  const constructor = [...descendants(definition)].find(
    (node) =>
      node.type === 'function_definition' && module.source.textOf(childByField(node, 'name') ?? node) === '__init__',
  );
  if (constructor === undefined) return undefined;
  const text = module.source.textOf(constructor);
  if (!/__dict__\.update\(/.test(text)) return undefined;
  const call = legacyCallIn(module, constructor);
  const methods = [...descendants(definition)].filter(
    (node) => node.type === 'function_definition' && enclosingFunction(node) === undefined,
  );
  const forwards = methods.every((method) =>
    /^(__init__|__getattribute__|__getattr__|save|save_weights|load_weights)$/.test(
      module.source.textOf(childByField(method, 'name') ?? method),
    ),
  );
  if (call === undefined || !forwards) return undefined;
  const parameters = parametersOf(module, constructor).slice(1);
  const [model, gpus] = namedChildren(childByField(call, 'arguments') ?? call).map((argument) =>
    module.source.textOf(childByField(argument, 'value') ?? argument),
  );
  if (model === undefined || parameters[0] !== model) return undefined;
  return {
    kind: 'subclass',
    signature: { parameters, model, gpus: gpus !== undefined && parameters.includes(gpus) ? gpus : undefined },
  };
}

/** The first call of Keras' function inside a node. */
export function legacyCallIn(module: PythonModule, within: PyNode): PyNode | undefined {
  return callsIn(within).find(({ callee }) => module.origins.of(callee).some(isLegacyFunction))?.call;
}

function parametersOf(module: PythonModule, definition: PyNode): string[] {
  return namedChildren(childByField(definition, 'parameters') ?? definition)
    .filter((parameter) => !/splat/.test(parameter.type))
    .map(parameterName)
    .filter((name) => name !== undefined)
    .map((name) => module.source.textOf(name));
}
