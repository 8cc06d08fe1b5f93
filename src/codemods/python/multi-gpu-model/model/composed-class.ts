/**
 * Reads a class that wraps a model in `__init__`, and whose model another file combines into a larger one. The class
 * then builds in the scope of its users, so one of its parameters has to decide about the GPUs. Pure.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { WrapSite } from '../find/wrap-site.js';

import { isRefusal } from '../../../refusal.js';
import { callsIn, type CallWithCallee, methodName } from '../../analysis/calls.js';
import { parameterName } from '../../analysis/scopes.js';
import { assignmentOf, callArguments, enclosingClass, enclosingFunction } from '../../analysis/statements.js';
import { variableOf } from '../../analysis/variables.js';
import { COMPILES } from '../../lifecycle/vocabulary-table.js';
import { childByField, contains, descendants, namedChildren, type PyNode } from '../../syntax/node.js';
import { findWrapUses } from '../find/find-wrap-uses.js';
import { guardsOfWrap } from '../strategy/guards.js';
import { joinedConditions } from '../strategy/strategy-choice.js';
import { conditionsOf } from '../strategy/strategy-for-wraps.js';

import { attributeWrites, definitionName, methodsOf } from './class-members.js';
import { isMethod } from './method-calls.js';

/** A class that wraps a model, and the parameter through which its users choose the GPUs. */
export interface ComposedClass {
  readonly module: PythonModule;
  /** The absolute path of the module. */
  readonly path: string;
  readonly name: string;
  /** The attribute that holds the multi-GPU model. */
  readonly attribute: string;
  /** The name of the parameter for the GPUs. */
  readonly parameter: string;
  /** The index of this parameter, not counting `self`. */
  readonly position: number;
  readonly defaultValue: PyNode | undefined;
  /** The condition under which it wraps, e.g. `gpus >= 2` for an argument `gpus`; undefined when it always does. */
  readonly conditionFor: (argument: string) => string | undefined;
}

/** Reads a class; undefined when anything but one parameter decides about the wrap. */
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
  if (
    constructor === undefined ||
    body === undefined ||
    enclosingClass(constructor) !== definition ||
    definitionName(module, constructor) !== '__init__'
  )
    return undefined;
  if (
    !/^self\.\w+$/.test(module.source.textOf(site.target)) ||
    compilesInOtherMethod(module, site, definition, constructor)
  )
    return undefined;
  const found = readParameter(module, site, body, constructor, definition);
  return found === undefined ? undefined : { module, path, name: definitionName(module, definition), ...found };
}

function readParameter(
  module: PythonModule,
  site: WrapSite,
  body: PyNode,
  constructor: PyNode,
  definition: PyNode,
): Omit<ComposedClass, 'module' | 'path' | 'name'> | undefined {
  const { source } = module;
  const gpus = site.gpus === undefined ? undefined : parameterBehind(module, site.gpus, definition, constructor);
  if (gpus === undefined || site.target === undefined) return undefined;
  const guards = guardsOfWrap(site, body);
  if (site.helperCondition !== undefined || guards.some(({ kind }) => kind !== 'test')) return undefined;
  const conditionFor = (argument: string): string | undefined => {
    const conditions = conditionsOf(guards, (node) =>
      withArgument(module, node, gpus, definition, constructor, argument),
    );
    return isRefusal(conditions) ? undefined : joinedConditions(conditions);
  };
  const list = namedChildren(childByField(constructor, 'parameters') ?? constructor);
  const names = list.map(parameterName).map((node) => (node === undefined ? undefined : source.textOf(node)));
  const position = names.indexOf(gpus) - 1;
  if (position < 0 || names.includes(undefined) || list.some(({ type }) => /splat/.test(type))) return undefined;
  const parameter = list[position + 1];
  if (!/^(\w+ (<|<=|>|>=|==|!=) \d+)?$/.test(conditionFor('gpus') ?? '')) return undefined;
  const defaultValue = parameter === undefined ? undefined : childByField(parameter, 'value');
  return {
    attribute: source.textOf(site.target).slice('self.'.length),
    position,
    parameter: gpus,
    defaultValue,
    conditionFor,
  };
}

/** The parameter that an expression reads, directly or through an attribute that only ever holds the parameter. */
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

/** A condition with an argument in place of the parameter. */
function withArgument(
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

/** Whether another method compiles the model, which happens after the users have left the scope. */
function compilesInOtherMethod(module: PythonModule, site: WrapSite, definition: PyNode, constructor: PyNode): boolean {
  const holder = module.source.textOf(site.target ?? site.call);
  const compiles = ({ call, callee }: CallWithCallee): boolean =>
    callee.type === 'attribute' &&
    (isMethod(module, callee, COMPILES) ||
      (methodName(module, callee) === '__init__' && callArguments(module.source, call).spread) ||
      holder === module.source.textOf(callee));
  return methodsOf(definition).some((method) => method !== constructor && callsIn(method).some(compiles));
}
