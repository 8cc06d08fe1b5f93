/**
 * Follows a model through one file, under every name that it gets: callers that receive it, functions that it is passed
 * to, attributes that hold it. A model in a collection is not followed. Pure.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { NamedModel } from './named-model.js';

import {
  assignmentOf,
  callArguments,
  calleeOf,
  enclosingClass,
  enclosingFunction,
  statementOf,
} from '../../analysis/statements.js';
import { isVariable, mentionsOf, sameVariable, type Variable, variableOf } from '../../analysis/variables.js';
import { childByField, closest, contains, descendants, namedChildren, type PyNode } from '../../syntax/node.js';

import { functionCalled } from './class-members.js';
import { parameterFor } from './parameter-for.js';
import { functionOrModule } from './wrap-group.js';

/** All names of a model, and all uses that cannot be followed. */
export interface ModelFlow {
  readonly models: readonly NamedModel[];
  readonly escapes: readonly Escape[];
}

/** The model escapes: it is returned to an unknown caller, passed to an unknown function, or stored in a collection. */
export interface Escape {
  /** The `return` statement, the call, or the collection. */
  readonly node: PyNode;
  /** The argument or the element that is the model. */
  readonly passed?: PyNode;
}

/**
 * Follows models from their first names.
 *
 * @param module - The file.
 * @param start - The first names.
 * @param from - An offset: earlier mentions of the first names refer to another model and are not followed.
 * @param wraps - Calls that return the model under another name. What such a call does inside is known.
 * @param isOther - Whether a mention of a first name refers to another model.
 * @returns Every name, the first ones included, and every escape.
 */
export function followModel(
  module: PythonModule,
  start: readonly NamedModel[],
  from = 0,
  wraps: readonly PyNode[] = [],
  isOther: (mention: PyNode, variable: Variable) => boolean = () => false,
): ModelFlow {
  const models: NamedModel[] = [];
  const escapes: Escape[] = [];
  const queue = [...start];
  for (let model = queue.shift(); model !== undefined; model = queue.shift()) {
    const { variable, body } = model;
    if (models.some((known) => known.body === body && sameVariable(known.variable, variable))) continue;
    models.push(model);
    if (variable.text.startsWith('self.')) queue.push(...inOtherMethods(module, variable, body));
    for (const mention of mentionsOf(module, variable, body)) {
      if (functionOrModule(module, mention) !== body || (mention.start < from && start.includes(model))) continue;
      if (wraps.some((call) => contains(call, mention)) || (start.includes(model) && isOther(mention, variable)))
        continue;
      queue.push(...namesAfter(module, mention, escapes));
    }
  }
  return { models, escapes };
}

/** The names that the model gets through one mention. */
function namesAfter(module: PythonModule, mention: PyNode, escapes: Escape[]): NamedModel[] {
  const { parent } = mention;
  if (parent === undefined) return [];
  const position = positionInTuple(mention);
  const holder = position === undefined ? parent : parent.parent;
  if (holder?.type === 'return_statement') return namesInCallers(module, holder, position, escapes);
  if (COLLECTIONS.test(parent.type)) {
    escapes.push({ node: parent, passed: mention });
    return [];
  }
  if (parent.type === 'argument_list' || (parent.type === 'keyword_argument' && mention.field === 'value')) {
    const call = closest(mention, (node) => node.type === 'call');
    return call === undefined ? [] : nameInCallee(module, call, mention, escapes);
  }
  const statement = statementOf(mention);
  const assignment = assignmentOf(statement);
  if (assignment?.right === mention) {
    const variable = variableOf(module, assignment.left);
    if (variable === undefined) escapes.push({ node: assignment.left, passed: mention });
    return variable === undefined ? [] : [{ variable, body: functionOrModule(module, mention) }];
  }
  return [];
}

/** Expressions that store a model where no name leads to it; `yield` passes it to an unknown loop. */
const COLLECTIONS =
  /^(list|tuple|set|pair|list_splat|dictionary_splat|expression_list|yield|(list|set|dictionary)_comprehension|generator_expression)$/;

function positionInTuple(mention: PyNode): number | undefined {
  const { parent } = mention;
  if (parent?.type !== 'expression_list' && parent?.type !== 'tuple') return undefined;
  return namedChildren(parent).indexOf(mention);
}

/** The names that a returned model gets in its callers in this file. */
export function namesInCallers(
  module: PythonModule,
  statement: PyNode,
  position: number | undefined,
  escapes: Escape[],
  visited: ReadonlySet<PyNode> = new Set(),
): NamedModel[] {
  const definition = enclosingFunction(statement);
  const name = definition === undefined ? undefined : childByField(definition, 'name');
  // A function that returns what it calls itself for gives the model no new name.
  if (definition === undefined || name === undefined || visited.has(definition)) return [];
  const seen = new Set([...visited, definition]);
  const found: NamedModel[] = [];
  let hasCaller = false;
  for (const call of callsOf(module, definition, name)) {
    hasCaller = true;
    const assignment = assignmentOf(statementOf(call));
    if (assignment === undefined || assignment.right !== call) {
      if (call.parent?.type === 'return_statement')
        found.push(...namesInCallers(module, call.parent, position, escapes, seen));
      continue;
    }
    const target = position === undefined ? assignment.left : namedChildren(assignment.left)[position];
    const variable = target === undefined ? undefined : variableOf(module, target);
    if (variable !== undefined) found.push({ variable, body: functionOrModule(module, call) });
  }
  if (!hasCaller) escapes.push({ node: statement });
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
      const callee = calleeOf(node);
      if (callee?.type !== 'attribute') return false;
      const attribute = childByField(callee, 'attribute');
      return attribute !== undefined && module.source.textOf(attribute) === text;
    });
  }
  return (module.scopes.bindingOf(name)?.reads ?? []).flatMap((read) =>
    read.field === 'function' && read.parent?.type === 'call' ? [read.parent] : [],
  );
}

function nameInCallee(module: PythonModule, call: PyNode, argument: PyNode, escapes: Escape[]): NamedModel[] {
  const callee = childByField(call, 'function');
  const definition = callee === undefined ? undefined : functionCalled(module, callee);
  if (definition === undefined) {
    escapes.push({ node: call, passed: argument });
    return [];
  }
  const isMethod =
    callee?.type === 'attribute' ||
    enclosingClass(definition)?.children.some((child) => child === definition.parent) === true;
  const model = parameterFor(module, definition, callArguments(module.source, call), argument, isMethod ? 1 : 0);
  if (model !== undefined) return [model];
  escapes.push({ node: call, passed: argument });
  return [];
}

/** The same attribute of `self` in the other methods of the class. */
function inOtherMethods(module: PythonModule, variable: Variable, body: PyNode): NamedModel[] {
  const owner = closest(body, (node) => node.type === 'class_definition');
  if (owner === undefined) return [];
  const found: NamedModel[] = [];
  for (const node of descendants(owner)) {
    if (node.type !== 'attribute' || module.source.textOf(node).replaceAll(/\s/g, '') !== variable.text) continue;
    const method = enclosingFunction(node);
    if (method === undefined || method === body || !contains(owner, method)) continue;
    const own = variableOf(module, node);
    if (own !== undefined && !found.some((model) => model.body === method) && isVariable(module, node, own))
      found.push({ variable: own, body: method });
  }
  return found;
}
