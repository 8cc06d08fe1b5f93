/**
 * Checks the order in which the methods of a class run, as far as the wrap of an attribute depends on it: everything
 * that the strategy needs is set before the model is built, and the model is always wrapped before it trains. Pure.
 */
import type { Guard } from '../../../lifecycle/guard.js';
import type { Refusal } from '../../../refusal.js';
import type { Definition } from '../../analysis/definition.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';

import { callsIn, methodName } from '../../analysis/calls.js';
import { isPure } from '../../analysis/purity.js';
import { blockOf, enclosingClass, enclosingFunction, statementOf, statementsOf } from '../../analysis/statements.js';
import { isWrite } from '../../analysis/variables.js';
import { definitionsOf } from '../../project/follow-name.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, closest, contains, descendants, namedChildren, type PyNode } from '../../syntax/node.js';
import { attributeWrites, definitionName, methodsOf, subclassesIn } from '../model/class-members.js';
import { guardsOf } from '../strategy/guards.js';

import { configuredLater, configuringCall, type FindDefinitions } from './device-configuration.js';

/**
 * Refuses an expression of one method that cannot be evaluated in the method that builds the model: it may only read
 * globals, names of that method, and attributes that are set by then.
 *
 * @param module - The file.
 * @param expression - The expression, which decides about the GPUs.
 * @param builder - The method that builds the model.
 * @param before - The statement of that method before which the strategy is created.
 * @param owner - The class.
 * @returns The refusal, if there is one.
 */
export function checkKnownAtBuild(
  module: PythonModule,
  expression: PyNode,
  builder: PyNode,
  before: PyNode,
  owner: PyNode,
): Refusal | undefined {
  const isKnown =
    isPure(module, expression) &&
    [...descendants(expression)].every((node) => {
      if (node.type === 'identifier' && node.field !== 'attribute' && module.source.textOf(node) !== 'self') {
        const binding = module.scopes.bindingOf(node);
        const isOwn = binding !== undefined && binding.scope === module.scopes.functionScopeAt(before);
        return binding === undefined || binding.scope.kind === 'module' || isOwn;
      }
      if (node.type !== 'attribute' || !module.source.textOf(node).startsWith('self.')) return true;
      const writes = attributeWrites(module, module.source.textOf(node), owner);
      const isSet = writes.length > 0 && writes.every((write) => runsFirst(module, write, builder, before, owner));
      return isSet && !isSetFromOutside(module, node, owner);
    });
  return isKnown ? undefined : REFUSALS.unknownAtBuild(module.source.textOf(expression));
}

/** Whether code outside the class assigns the attribute, as in `trainer.gpus = 4`, on any object. */
function isSetFromOutside(module: PythonModule, attribute: PyNode, owner: PyNode): boolean {
  const name = module.source.textOf(childByField(attribute, 'attribute') ?? attribute);
  return module.identifiersNamed(name).some((node) => {
    const whole = node.field === 'attribute' && node.parent?.type === 'attribute' ? node.parent : undefined;
    return whole !== undefined && isWrite(whole) && !contains(owner, whole);
  });
}

/** Whether an attribute is assigned before the model is built. */
function runsFirst(module: PythonModule, write: PyNode, builder: PyNode, before: PyNode, owner: PyNode): boolean {
  const method = enclosingFunction(write);
  if (method === builder) return write.end <= before.start;
  if (method === undefined || definitionName(module, method) !== '__init__') return false;
  const builders = methodsThatReach(module, builder, owner);
  return [...descendants(method)].every((node) => {
    if (node.type !== 'call' || node.start >= write.start) return true;
    const callee = childByField(node, 'function');
    const text = callee === undefined ? '' : module.source.textOf(callee);
    // The base class may call a method that this class overrides.
    return (
      !builders.has(text.replace(/^self\./, '')) && !(/^super\(|\.__init__$/.test(text) && hasBases(module, owner))
    );
  });
}

/**
 * The calls in a class that run one of its methods, directly or through others.
 *
 * @param module - The file.
 * @param method - The method.
 * @param owner - The class.
 * @returns The calls.
 */
export function callsThatReach(module: PythonModule, method: PyNode, owner: PyNode): PyNode[] {
  const names = methodsThatReach(module, method, owner);
  return [...names].flatMap((name) => callsOf(module, name, owner));
}

/** The name of a method, and of all methods that call it directly or through others. */
function methodsThatReach(module: PythonModule, target: PyNode, owner: PyNode): Set<string> {
  const names = new Set([definitionName(module, target)]);
  for (let size = 0; size !== names.size;) {
    size = names.size;
    for (const method of methodsOf(owner)) {
      if ([...names].some((name) => callsOf(module, name, method).length > 0))
        names.add(definitionName(module, method));
    }
  }
  return names;
}

/** A method that calls the building method first, and the wrapping method later, perhaps under conditions. */
export interface MeetingMethod {
  readonly method: PyNode;
  /** The statement that calls the building method. */
  readonly buildsAt: PyNode;
  /** What decides in this method whether the model is wrapped. */
  readonly guards: readonly Guard<PyNode>[];
}

/** The method through which alone the class builds and wraps its model; undefined when there are other ways. */
export function meetingMethod(
  module: PythonModule,
  builder: PyNode,
  wrapper: PyNode,
  owner: PyNode,
): MeetingMethod | undefined {
  const [built, wrapped] = [builder, wrapper].map((method) => {
    const calls = callsOf(module, definitionName(module, method), module.source.root);
    return calls.length === 1 ? calls[0] : undefined;
  });
  if (built === undefined || wrapped === undefined) return undefined;
  const method = enclosingFunction(built);
  const body = method === undefined ? undefined : childByField(method, 'body');
  if (method === undefined || body === undefined || enclosingFunction(wrapped) !== method) return undefined;
  if (enclosingClass(method) !== owner) return undefined;
  const [buildsAt, wrapsAt] = [statementOf(built), statementOf(wrapped)];
  // Both may be under one condition: without it, the model is not built at all.
  const block = blockOf(buildsAt);
  if (!contains(block, wrapsAt)) return undefined;
  const guards = guardsOf(wrapsAt, block);
  const leavesBetween = [...descendants(body)].some(
    ({ type, start }) => type === 'return_statement' && start > buildsAt.start && start < wrapsAt.start,
  );
  const isPlain = buildsAt.end <= wrapsAt.start && guards.every(({ kind }) => kind === 'test');
  return isPlain && !leavesBetween ? { method, buildsAt, guards } : undefined;
}

/**
 * Refuses when the model may train without being wrapped: a condition decides whether the wrapping method runs, or
 * nothing shows that it runs at all.
 *
 * @param module - The file.
 * @param wrapper - The method that wraps the model.
 * @param owner - The class.
 * @param compilesOriginal - Whether some method compiles the original model.
 * @returns The refusal, if there is one.
 */
export function checkAlwaysWrapped(
  module: PythonModule,
  wrapper: PyNode,
  owner: PyNode,
  compilesOriginal: boolean,
): Refusal | undefined {
  const chain = methodsThatReach(module, wrapper, owner);
  for (const name of chain) {
    if (name === '__init__') continue;
    const conditional = callsOf(module, name, module.source.root).find(
      (call) => closest(call, (node) => BRANCHES.test(node.type)) !== undefined,
    );
    if (conditional !== undefined) return refusalAt(module, REFUSALS.wrapperMethodIsConditional(name), conditional);
  }
  return compilesOriginal && !chain.has('__init__')
    ? REFUSALS.wrapperMethodMayNotRun(definitionName(module, wrapper))
    : undefined;
}

const BRANCHES = /^(if|for|while|try|match)_statement$|^conditional_expression$/;

/**
 * Refuses when a subclass builds the attribute in its own way.
 *
 * @param module - The file.
 * @param owner - The class.
 * @param attribute - The attribute that holds the model, e.g. `self.model`.
 * @param builder - The method that builds it.
 * @param inOtherFiles - The classes of other files that extend the class.
 * @returns The refusal, if there is one.
 */
export function checkSubclasses(
  module: PythonModule,
  owner: PyNode,
  attribute: string,
  builder: PyNode,
  inOtherFiles: readonly Definition[],
): Refusal | undefined {
  const own = subclassesIn(module, definitionName(module, owner)).map((node) => ({ module, node }));
  for (const { module: home, node } of [...own, ...inOtherFiles]) {
    const overrides = methodsOf(node).some(
      (method) => definitionName(home, method) === definitionName(module, builder),
    );
    if (overrides || attributeWrites(home, attribute, node).length > 0)
      return REFUSALS.subclassBuildsDifferently(definitionName(home, node), attribute);
  }
  return undefined;
}

/**
 * Refuses code that configures devices after the model is built, and before it is wrapped: the strategy has started
 * TensorFlow by then.
 *
 * @param project - The project.
 * @param module - The file.
 * @param builder - The method that builds the model.
 * @param until - The statement that wraps it.
 * @param owner - The class.
 * @returns The refusal, if there is one.
 */
export function checkConfiguredBefore(
  project: PythonProject,
  module: PythonModule,
  builder: PyNode,
  until: PyNode,
  owner: PyNode,
): Refusal | undefined {
  const methodsCalled: FindDefinitions = (callee) => {
    const [, name] = /^self\.(\w+)$/.exec(module.source.textOf(callee)) ?? [];
    const own = methodsOf(owner).filter((method) => definitionName(module, method) === name);
    return [...own.map((node) => ({ module, node })), ...definitionsOf(project, module, callee)];
  };
  for (const call of callsOf(module, definitionName(module, builder), owner)) {
    const built = statementOf(call);
    const later = statementsOf(blockOf(built)).filter(({ start }) => start > built.start && start !== until.start);
    const end = enclosingFunction(until) === enclosingFunction(built) ? until.start : Number.POSITIVE_INFINITY;
    for (const statement of later) {
      const configuring = statement.start < end ? configuringCall(module, statement, methodsCalled) : undefined;
      if (configuring !== undefined) return configuredLater(module, configuring);
    }
  }
  return undefined;
}

function callsOf(module: PythonModule, name: string, within: PyNode): PyNode[] {
  return callsIn(within).flatMap(({ call, callee }) => (methodName(module, callee) === name ? [call] : []));
}

function hasBases(module: PythonModule, owner: PyNode): boolean {
  const bases = childByField(owner, 'superclasses');
  return (
    bases !== undefined &&
    namedChildren(bases).some((base) => !/^(object|(abc\.)?ABC|metaclass\s*=.*)$/.test(module.source.textOf(base)))
  );
}
