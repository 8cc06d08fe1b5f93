/**
 * A class that wraps a model in `__init__` of which another file builds a larger one: it builds in the scope that its
 * users enter, so what decides about the GPUs has to be one of its parameters.
 */
import type { PythonModule } from '../../analysis/module.js';

import { parameterName } from '../../analysis/scopes.js';
import { assignmentOf, callArguments, enclosingClass, enclosingFunction } from '../../analysis/statements.js';
import { variableOf } from '../../analysis/variables.js';
import { childByField, contains, descendants, namedChildren, type PyNode } from '../../syntax/node.js';
import { attributeWrites, methodsOf } from '../checks/attribute-order.js';
import { findWrapUses, type WrapSite } from '../find/wrap-site.js';
import { Refusal } from '../refusal.js';
import { conditionsTo } from '../strategy/strategy-expression.js';

/** How a class asks its users for GPUs. */
export interface ComposedClass {
  readonly module: PythonModule;
  /** The absolute path of the module. */
  readonly path: string;
  readonly name: string;
  /** The attribute that holds the wrapped model. */
  readonly attribute: string;
  /** The place of the parameter that says how many GPUs, `self` not counted, and its name. */
  readonly position: number;
  readonly parameter: string;
  readonly defaultValue: PyNode | undefined;
  /** The condition under which it wraps, e.g. `gpus >= 2` for an argument `gpus`; undefined when it always does. */
  readonly conditionFor: (argument: string) => string | undefined;
}

/** What a class tells about its wrap, or undefined where something else than one parameter decides. */
export function composedClass(module: PythonModule, path: string, definition: PyNode): ComposedClass | undefined {
  if (definition.type !== 'class_definition' || definition.parent !== module.source.root) return undefined;
  const { sites, unreadable } = findWrapUses(module);
  const [site, ...others] = sites.filter(({ call }) => contains(definition, call));
  if (
    site?.target?.type !== 'attribute' ||
    others.length > 0 ||
    unreadable.some(({ node }) => contains(definition, node))
  )
    return undefined;
  const constructor = enclosingFunction(site.call);
  const body = constructor === undefined ? undefined : childByField(constructor, 'body');
  const nameOf = (node: PyNode): string => module.source.textOf(childByField(node, 'name') ?? node);
  if (
    constructor === undefined ||
    body === undefined ||
    enclosingClass(constructor) !== definition ||
    nameOf(constructor) !== '__init__'
  )
    return undefined;
  if (
    !/^self\.\w+$/.test(module.source.textOf(site.target)) ||
    compilesElsewhere(module, site, definition, constructor)
  )
    return undefined;
  const found = asked(module, site, body, constructor, definition);
  return found === undefined ? undefined : { module, path, name: nameOf(definition), ...found };
}

function asked(
  module: PythonModule,
  site: WrapSite,
  body: PyNode,
  constructor: PyNode,
  definition: PyNode,
): Omit<ComposedClass, 'module' | 'path' | 'name'> | undefined {
  const { source } = module;
  const gpus = site.gpus === undefined ? undefined : parameterBehind(module, site.gpus, definition, constructor);
  if (gpus === undefined || site.target === undefined) return undefined;
  const conditionFor = (argument: string): string | undefined =>
    conditionsTo(site, body).translated((node) => inWordsOf(module, node, gpus, definition, constructor, argument));
  const list = namedChildren(childByField(constructor, 'parameters') ?? constructor);
  const names = list.map(parameterName).map((node) => (node === undefined ? undefined : source.textOf(node)));
  const position = names.indexOf(gpus) - 1;
  if (position < 0 || names.includes(undefined) || list.some(({ type }) => /splat/.test(type))) return undefined;
  const parameter = list[position + 1];
  try {
    if (!/^(\w+ (<|<=|>|>=|==|!=) \d+)?$/.test(conditionFor('gpus') ?? '')) return undefined;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
  const defaultValue = parameter === undefined ? undefined : childByField(parameter, 'value');
  return {
    attribute: source.textOf(site.target).slice('self.'.length),
    position,
    parameter: gpus,
    defaultValue,
    conditionFor,
  };
}

/** A parameter, or an attribute that is one and nothing else. */
function parameterBehind(
  module: PythonModule,
  node: PyNode,
  definition: PyNode,
  constructor: PyNode,
): string | undefined {
  if (node.type === 'identifier') {
    const writes = variableOf(module, node)?.root.writes ?? [];
    return writes.length === 1 && writes[0]?.kind === 'parameter' && contains(constructor, writes[0].name)
      ? module.source.textOf(node)
      : undefined;
  }
  const text = module.source.textOf(node);
  const writes = /^self\.\w+$/.test(text) ? attributeWrites(module, text, definition) : [];
  const [write, ...more] = writes;
  const right =
    write === undefined || more.length > 0 || enclosingFunction(write) !== constructor
      ? undefined
      : assignmentOf(write)?.right;
  return right?.type === 'identifier' ? parameterBehind(module, right, definition, constructor) : undefined;
}

function inWordsOf(
  module: PythonModule,
  condition: PyNode,
  parameter: string,
  definition: PyNode,
  constructor: PyNode,
  argument: string,
): string {
  let text = module.source.textOf(condition);
  for (const node of [...descendants(condition)].reverse()) {
    if (node.type !== 'identifier' && node.type !== 'attribute') continue;
    if (node.parent?.type === 'attribute' || parameterBehind(module, node, definition, constructor) !== parameter)
      continue;
    text = text.slice(0, node.start - condition.start) + argument + text.slice(node.end - condition.start);
  }
  return text;
}

/** Compiles in other methods run when the scope of the users is over. */
function compilesElsewhere(module: PythonModule, site: WrapSite, definition: PyNode, constructor: PyNode): boolean {
  const holder = module.source.textOf(site.target ?? site.call);
  return methodsOf(definition).some(
    (method) =>
      method !== constructor &&
      [...descendants(method)].some((node) => {
        const callee = node.type === 'call' ? childByField(node, 'function') : undefined;
        if (callee?.type !== 'attribute') return false;
        const use = module.source.textOf(childByField(callee, 'attribute') ?? callee);
        return (
          use === 'compile' ||
          (use === '__init__' && callArguments(module.source, node).spread) ||
          holder === module.source.textOf(callee)
        );
      }),
  );
}
