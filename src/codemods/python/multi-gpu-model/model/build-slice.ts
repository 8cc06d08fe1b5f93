/**
 * Finds the statements that build a model: a backward slice over one function that follows layers, tensors and models,
 * and stops at data and configuration. Pure.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { Binding } from '../../analysis/scopes.js';

import { DefinitionSearch } from '../../analysis/definition-search.js';
import { assignmentOf, calleeOf } from '../../analysis/statements.js';
import { someReachingDefinition, type Variable, variableOf } from '../../analysis/variables.js';
import { COMPANIONS } from '../../keras-imports/companions-table.js';
import { RETURNS_DATA } from '../../lifecycle/vocabulary-table.js';
import { childByField, descendants, type PyNode } from '../../syntax/node.js';
import { pathInKeras } from '../find/legacy-api.js';

import { topLevelFunction } from './class-members.js';
import { withoutGivenData } from './given-data.js';

/** Members of Keras that hold no variables of a model. */
const NOT_A_MODEL_PART =
  /^(datasets|preprocessing|callbacks|utils|losses|metrics|optimizers|backend|wrappers|_tf_keras)(\.|$)/;

/** Functions of Keras that convert images and predictions. */
const CONVERTS_DATA = /(^|\.)(preprocess_input|decode_predictions)$/;

/** What the modules of Keras 2 import for themselves: a star import of one of them binds these names as well. */
const IMPORTED_BY_KERAS = /(^|\.)(np|K)\./;

/** Functions that build a model, judging by their names. A wrong guess is harmless: any call may run in the scope. */
const BUILDER =
  /(^|[._])(build|create|make|get|define|construct|load|init)_?\w*(model|net|network|encoder|decoder|generator|discriminator|critic|backbone)(_\w+)?$|(^|[._])((un|res|dense|mobile|efficient|vgg|inception|xception)_?net\w*|autoencoder|encoder|decoder|discriminator)$/i;

/** Statements that build a model, with the variables that hold its parts. */
export interface BuildSlice {
  readonly statements: readonly PyNode[];
  readonly parts: readonly Variable[];
}

/** All statements of the function that build what `variable` holds at `at`. */
export function buildSlice(module: PythonModule, variable: Variable, at: PyNode): BuildSlice {
  const statements = new Set<PyNode>();
  const search = new DefinitionSearch(module);
  const visit = (current: Variable, position: PyNode): void => {
    for (const definition of search.find(current, position)) {
      if (statements.has(definition)) continue;
      statements.add(definition);
      for (const used of partsUsed(module, definition)) visit(used.variable, definition);
    }
  };
  visit(variable, at);
  return { statements: [...statements], parts: search.variables };
}

/** The variables in a statement that hold layers, tensors or models. */
export function partsUsed(
  module: PythonModule,
  statement: PyNode,
  seen = new Set<PyNode>(),
): { variable: Variable; node: PyNode }[] {
  const assignment = assignmentOf(statement);
  const within = assignment?.right ?? statement;
  const used: { variable: Variable; node: PyNode }[] = [];
  for (const node of [...withoutGivenData(module, within)].flatMap((name) => [
    name,
    ...namesLoopedOver(module, name),
  ])) {
    if (node.type !== 'identifier' || (node.field === 'attribute' && node.parent?.type === 'attribute')) continue;
    const variable = variableOf(module, node);
    if (variable === undefined || variable.root.scope !== module.scopes.functionScopeAt(statement)) continue;
    if (someReachingDefinition(module, variable, statement, (definition) => makesModelPart(module, definition, seen)))
      used.push({ variable, node });
  }
  return used;
}

/** The names in what a loop goes over, for its variable: `stack` for the `layer` of `for layer in stack`. */
function namesLoopedOver(module: PythonModule, name: PyNode): PyNode[] {
  const binding = name.type === 'identifier' ? module.scopes.bindingOf(name) : undefined;
  if (binding === undefined) return [];
  const known = module.source.derived(noIterated);
  let iterated = known.get(binding);
  if (iterated === undefined) known.set(binding, (iterated = iteratedBy(binding)));
  return iterated.flatMap((node) => [...descendants(node)]);
}

/** What the loops go over that bind a name. */
function iteratedBy({ writes }: Binding): PyNode[] {
  return writes.flatMap(({ kind, site }) => (kind === 'for' ? (childByField(site, 'right') ?? []) : []));
}

function noIterated(): Map<Binding, PyNode[]> {
  return new Map();
}

/** The assignments that are known to produce a part of a model: a yes does not depend on the way to the question. */
function noParts(): Set<PyNode> {
  return new Set();
}

/** Whether an assignment produces a layer, a symbolic tensor or a model. */
export function makesModelPart(module: PythonModule, statement: PyNode, seen = new Set<PyNode>()): boolean {
  const known = module.source.derived(noParts);
  if (known.has(statement)) return true;
  const assignment = assignmentOf(statement);
  if (assignment === undefined || seen.has(statement)) return false;
  seen.add(statement);
  const makes =
    callsModelPart(module, assignment.right) ||
    partsUsed(module, statement, seen).some(({ node }) => feedsValue(module, node, assignment.right));
  seen.delete(statement);
  if (makes) known.add(statement);
  return makes;
}

/** Whether a value calls something that makes layers, tensors or models. */
function callsModelPart(module: PythonModule, value: PyNode): boolean {
  for (const node of withoutGivenData(module, value)) {
    const callee = node.type === 'call' ? childByField(node, 'function') : undefined;
    if (callee === undefined) continue;
    if (callee.type === 'call' || BUILDER.test(module.source.textOf(callee))) return true;
    if (isModelPart(module, callee) || returnsModelPart(module, callee)) return true;
  }
  return false;
}

/** Whether a callee is a class or function of Keras that makes layers, tensors or models. */
export function isModelPart(module: PythonModule, callee: PyNode): boolean {
  return module.origins.of(callee).some((origin) => {
    const member = pathInKeras(origin);
    if (member === undefined) return isOfCompanion(origin);
    return !NOT_A_MODEL_PART.test(member) && !CONVERTS_DATA.test(member) && !IMPORTED_BY_KERAS.test(member);
  });
}

/** Whether a path is a class, or a function named like one, of a package that is built on Keras: `Xception`. */
function isOfCompanion(origin: string): boolean {
  return /\.[A-Z]\w*$/.test(origin) && COMPANIONS.some(([companion]) => origin.startsWith(`${companion}.`));
}

/** Whether a callee is a function of this file that makes layers or tensors and returns something. */
function returnsModelPart(module: PythonModule, callee: PyNode): boolean {
  const definition = callee.type === 'identifier' ? topLevelFunction(module, module.source.textOf(callee)) : undefined;
  if (definition === undefined) return false;
  let returns = false;
  let makes = false;
  for (const node of descendants(definition)) {
    returns ||= node.type === 'return_statement' && node.children.length > 1;
    const called = calleeOf(node);
    makes ||= called !== undefined && isModelPart(module, called);
  }
  return returns && makes;
}

/** Whether a value contains the part, as `base.output`, `f(x)` and `[a, b]` do; `len(model.layers)` does not. */
function feedsValue(module: PythonModule, node: PyNode, value: PyNode): boolean {
  for (let current: PyNode = node; current !== value && current.parent !== undefined; current = current.parent) {
    const { parent } = current;
    if (parent.type === 'call' && current.field === 'function' && current.type === 'attribute') {
      return !RETURNS_DATA.has(lastName(module, current));
    }
    if (
      parent.type === 'attribute' &&
      /^(shape|name|count_params|history|input_shape|output_shape)$/.test(lastName(module, parent))
    )
      return false;
    if (parent.type === 'comparison_operator' || parent.type === 'lambda') return false;
  }
  return true;
}

function lastName(module: PythonModule, attribute: PyNode): string {
  const name = childByField(attribute, 'attribute');
  return name === undefined ? '' : module.source.textOf(name);
}
