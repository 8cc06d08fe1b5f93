/**
 * Where a model goes inside one file: returned to callers, handed to functions, kept in an attribute. Each
 * place is a variable in a function; names are followed, and a model in a collection has left the view.
 */
import type { PythonModule } from '../../analysis/module.js';

import { type Binding, parameterName } from '../../analysis/scopes.js';
import {
  assignmentOf,
  type CallArguments,
  callArguments,
  enclosingClass,
  enclosingFunction,
  statementOf,
} from '../../analysis/statements.js';
import { isVariable, mentionsOf, sameVariable, type Variable, variableOf } from '../../analysis/variables.js';
import { childByField, closest, contains, descendants, namedChildren, type PyNode } from '../../syntax/node.js';

/** A model under a name in one function or at module level. */
export interface ModelPlace {
  readonly variable: Variable;
  readonly body: PyNode;
}

/** All places that a model reaches, and whether it also goes where it cannot be followed. */
export interface ModelFlow {
  readonly places: readonly ModelPlace[];
  /** Where it leaves the view. */
  readonly escapes: readonly Escape[];
}

/** A `return` nobody in this file takes, a call of an unknown function, or a collection. */
export interface Escape {
  readonly node: PyNode;
  /** The argument of the call, or the element, that is the model. */
  readonly handed?: PyNode;
}

/**
 * Follows models from where they start.
 *
 * @param from Mentions at the start before this offset are not followed: they mean the model as it was before.
 */
export function followModel(module: PythonModule, start: readonly ModelPlace[], from = 0): ModelFlow {
  const places: ModelPlace[] = [];
  const escapes: Escape[] = [];
  const queue = [...start];
  for (let place = queue.shift(); place !== undefined; place = queue.shift()) {
    const { variable, body } = place;
    if (places.some((known) => known.body === body && sameVariable(known.variable, variable))) continue;
    places.push(place);
    if (variable.text.startsWith('self.')) queue.push(...otherMethods(module, variable, body));
    for (const mention of mentionsOf(module, variable, body)) {
      if (ownFunction(module, mention) !== body || (mention.start < from && start.includes(place))) continue;
      const next = step(module, mention, escapes);
      queue.push(...next);
    }
  }
  return { places, escapes };
}

function ownFunction(module: PythonModule, node: PyNode): PyNode {
  return enclosingFunction(node) ?? module.source.root;
}

function step(module: PythonModule, mention: PyNode, escapes: Escape[]): ModelPlace[] {
  const { parent } = mention;
  if (parent === undefined) return [];
  const position = positionInTuple(mention);
  const holder = position === undefined ? parent : parent.parent;
  if (holder?.type === 'return_statement') return returnedTo(module, holder, position, escapes);
  if (COLLECTIONS.test(parent.type)) {
    escapes.push({ node: parent, handed: mention });
    return [];
  }
  if (parent.type === 'argument_list' || (parent.type === 'keyword_argument' && mention.field === 'value')) {
    const call = closest(mention, (node) => node.type === 'call');
    return call === undefined ? [] : handedTo(module, call, mention, escapes);
  }
  const statement = statementOf(mention);
  const assignment = assignmentOf(statement);
  if (assignment?.right === mention) {
    const variable = variableOf(module, assignment.left);
    if (variable === undefined) escapes.push({ node: assignment.left, handed: mention });
    return variable === undefined ? [] : [{ variable, body: ownFunction(module, mention) }];
  }
  return [];
}

/** What a model can be taken out of again where no name leads; `yield` hands it to whoever iterates. */
const COLLECTIONS =
  /^(list|tuple|set|pair|list_splat|dictionary_splat|expression_list|yield|(list|set|dictionary)_comprehension|generator_expression)$/;

function positionInTuple(mention: PyNode): number | undefined {
  const { parent } = mention;
  if (parent?.type !== 'expression_list' && parent?.type !== 'tuple') return undefined;
  return namedChildren(parent).indexOf(mention);
}

/** The variables that callers in this file give the returned value. */
export function returnedTo(
  module: PythonModule,
  statement: PyNode,
  position: number | undefined,
  escapes: Escape[],
): ModelPlace[] {
  const definition = enclosingFunction(statement);
  const name = definition === undefined ? undefined : childByField(definition, 'name');
  if (definition === undefined || name === undefined) return [];
  const found: ModelPlace[] = [];
  let taken = false;
  for (const call of callsOf(module, definition, name)) {
    taken = true;
    const assignment = assignmentOf(statementOf(call));
    if (assignment === undefined || assignment.right !== call) {
      if (call.parent?.type === 'return_statement') found.push(...returnedTo(module, call.parent, position, escapes));
      continue;
    }
    const target = position === undefined ? assignment.left : namedChildren(assignment.left)[position];
    const variable = target === undefined ? undefined : variableOf(module, target);
    if (variable !== undefined) found.push({ variable, body: ownFunction(module, call) });
  }
  if (!taken) escapes.push({ node: statement });
  return found;
}

function callsOf(module: PythonModule, definition: PyNode, name: PyNode): PyNode[] {
  const text = module.source.textOf(name);
  const owner = closest(
    definition.parent,
    (node) => node.type === 'class_definition' || node.type === 'function_definition',
  );
  if (owner?.type === 'class_definition') {
    return module.source.nodes.filter((node) => {
      const callee = node.type === 'call' ? childByField(node, 'function') : undefined;
      if (callee?.type !== 'attribute') return false;
      const attribute = childByField(callee, 'attribute');
      return attribute !== undefined && module.source.textOf(attribute) === text;
    });
  }
  const binding: Binding | undefined = module.scopes.bindingOf(name);
  return (binding?.reads ?? [])
    .filter((read) => read.field === 'function' && read.parent?.type === 'call')
    .map((read) => read.parent as PyNode);
}

function handedTo(module: PythonModule, call: PyNode, argument: PyNode, escapes: Escape[]): ModelPlace[] {
  const callee = childByField(call, 'function');
  const definition = callee === undefined ? undefined : localFunction(module, callee);
  if (definition === undefined) {
    escapes.push({ node: call, handed: argument });
    return [];
  }
  const isMethod =
    callee?.type === 'attribute' ||
    enclosingClass(definition)?.children.some((child) => child === definition.parent) === true;
  const place = parameterFor(module, definition, callArguments(module.source, call), argument, isMethod ? 1 : 0);
  if (place !== undefined) return [place];
  escapes.push({ node: call, handed: argument });
  return [];
}

/**
 * The parameter of a function that an argument becomes; undefined where stars leave it open.
 *
 * @param skipped How many parameters come before the first argument: `self` of a method.
 */
export function parameterFor(
  module: PythonModule,
  definition: PyNode,
  { positional, keywords }: CallArguments,
  argument: PyNode,
  skipped: number,
): ModelPlace | undefined {
  const list = namedChildren(childByField(definition, 'parameters') ?? definition);
  const named = list.map((parameter) => (SPLAT.test(parameter.type) ? undefined : parameterName(parameter)));
  const keyword = [...keywords].find(([, value]) => value === argument)?.[0];
  if (
    keyword === undefined &&
    namedChildren(argument.parent ?? argument).some(
      ({ type, start }) => type === 'list_splat' && start < argument.start,
    )
  )
    return undefined;
  const index = positional.indexOf(argument) + skipped;
  const collecting = list.findIndex(({ type }) => type === 'list_splat_pattern');
  const byPosition = collecting === -1 || index < collecting ? named[index] : undefined;
  const parameter =
    keyword === undefined
      ? byPosition
      : named.find((name) => name !== undefined && module.source.textOf(name) === keyword);
  const variable = parameter === undefined ? undefined : variableOf(module, parameter);
  return variable === undefined ? undefined : { variable, body: definition };
}

const SPLAT = /^(list|dictionary)_splat_pattern$/;

function localFunction(module: PythonModule, callee: PyNode): PyNode | undefined {
  if (callee.type === 'identifier') {
    const writes = module.scopes.bindingOf(callee)?.writes ?? [];
    const site = writes.length === 1 ? writes[0]?.site : undefined;
    if (site?.type === 'function_definition') return site;
    return site?.type === 'class_definition' ? methodOf(module, site, '__init__') : undefined;
  }
  if (callee.type !== 'attribute' || module.source.textOf(childByField(callee, 'object') ?? callee) !== 'self')
    return undefined;
  const owner = enclosingClass(callee);
  const name = childByField(callee, 'attribute');
  return owner === undefined || name === undefined ? undefined : methodOf(module, owner, module.source.textOf(name));
}

function methodOf(module: PythonModule, owner: PyNode, name: string): PyNode | undefined {
  for (const node of descendants(owner)) {
    if (node.type !== 'function_definition' || enclosingClass(node) !== owner) continue;
    const own = childByField(node, 'name');
    if (own !== undefined && module.source.textOf(own) === name) return node;
  }
  return undefined;
}

/** The same attribute of `self` in the other methods of the class. */
function otherMethods(module: PythonModule, variable: Variable, body: PyNode): ModelPlace[] {
  const owner = closest(body, (node) => node.type === 'class_definition');
  if (owner === undefined) return [];
  const found: ModelPlace[] = [];
  for (const node of descendants(owner)) {
    if (node.type !== 'attribute' || module.source.textOf(node).replaceAll(/\s/g, '') !== variable.text) continue;
    const method = enclosingFunction(node);
    if (method === undefined || method === body || !contains(owner, method)) continue;
    const own = variableOf(module, node);
    if (own !== undefined && !found.some((place) => place.body === method) && isVariable(module, node, own))
      found.push({ variable: own, body: method });
  }
  return found;
}
