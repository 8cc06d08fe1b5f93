/**
 * Finds the models that functions of other files build, wrap and return. A file that compiles one has to enter the
 * scope in which the model was built. Pure.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';
import type { WrapSite } from '../find/wrap-site.js';
import type { NamedModel } from './named-model.js';

import { importedNames } from '../../analysis/imports.js';
import { assignmentOf, calleeOf, enclosingFunction, statementOf } from '../../analysis/statements.js';
import { isVariable, reachingDefinitions, variableOf } from '../../analysis/variables.js';
import { childByField, contains, descendants, namedChildren, type PyNode } from '../../syntax/node.js';
import { findWrapUses } from '../find/find-wrap-uses.js';

import { makesModelPart } from './build-slice.js';
import { topLevelFunction } from './class-members.js';

/** Which part of a returned value is a model: all of it, or some elements of a tuple. */
type ReturnPosition = 'whole' | readonly number[];

/** The part of a returned value that is a model, and the function that wraps it. */
interface Returned {
  readonly position: ReturnPosition;
  readonly wrapping: string;
}

/** The wrapped model that a top-level function returns; undefined when it returns none. */
function returnsWrapped(module: PythonModule, name: string, steps = 4): Returned | undefined {
  const definition = topLevelFunction(module, name);
  if (definition === undefined || steps === 0) return undefined;
  const sites = findWrapUses(module).sites.filter(({ call }) => contains(definition, call));
  if (sites.length === 0) return returnedByCallee(module, definition, steps);
  const position = positionOfWrapped(module, definition, sites);
  return position === undefined ? undefined : { position, wrapping: name };
}

/**
 * The wrapped model of a function that only returns the result of another function, as in `return create_model(size)`.
 */
function returnedByCallee(module: PythonModule, definition: PyNode, steps: number): Returned | undefined {
  const returns = [...descendants(definition)].filter(
    (node) => node.type === 'return_statement' && enclosingFunction(node) === definition,
  );
  const found = returns.map((statement) => {
    const [value] = namedChildren(statement);
    const callee = calleeOf(value);
    const isOwn =
      callee?.type === 'identifier' &&
      module.scopes.bindingOf(callee)?.writes.every(({ kind }) => kind === 'definition') === true;
    return isOwn ? returnsWrapped(module, module.source.textOf(callee), steps - 1) : undefined;
  });
  const [first, ...others] = found;
  return others.length === 0 ? first : undefined;
}

function positionOfWrapped(
  module: PythonModule,
  definition: PyNode,
  sites: readonly WrapSite[],
): ReturnPosition | undefined {
  if (sites.some(({ form }) => form === 'returned')) return 'whole';
  const [target] = sites.map((site) => site.target).filter((node) => node !== undefined);
  const variable = target === undefined ? undefined : variableOf(module, target);
  if (variable === undefined) return undefined;
  for (const node of descendants(definition)) {
    if (node.type !== 'return_statement' || enclosingFunction(node) !== definition) continue;
    const [value] = namedChildren(node);
    if (value === undefined) continue;
    if (isVariable(module, value, variable)) return 'whole';
    if (!/^(expression_list|tuple)$/.test(value.type)) continue;
    const positions = namedChildren(value).flatMap((item, index) => {
      const other = variableOf(module, item);
      const isModel =
        other !== undefined && reachingDefinitions(module, other, node).some((made) => makesModelPart(module, made));
      return isModel || isVariable(module, item, variable) ? [index] : [];
    });
    if (positions.length > 0) return positions;
  }
  return undefined;
}

/** A function of another file that a call may refer to. */
export interface ImportedFunction {
  readonly origin: PythonModule;
  /** The name of the function that the call refers to. */
  readonly called: string;
  /** The name of the function that wraps the model: this one, or one that it calls. */
  readonly wrapping: string;
}

/** A call that returns a model of another file. */
export interface ImportedModel {
  readonly call: PyNode;
  /** One function, or those that a conditional expression chooses from. */
  readonly functions: readonly ImportedFunction[];
  /** The names that receive the models; empty when the result is not assigned. */
  readonly models: readonly NamedModel[];
}

/** The calls in a file that return a wrapped model of another file. */
export function importedModels(project: PythonProject, module: PythonModule): ImportedModel[] {
  return module.source.nodes.flatMap((node) => {
    const callee = calleeOf(node);
    const functions = callee === undefined ? [] : wrappingFunctions(project, module, callee);
    const [first] = functions;
    return first === undefined ? [] : [{ call: node, functions, models: receivedModels(module, node, first.position) }];
  });
}

/** The functions that a callee may refer to; none unless all of them return a wrapped model in the same position. */
function wrappingFunctions(
  project: PythonProject,
  module: PythonModule,
  callee: PyNode,
): (ImportedFunction & { readonly position: ReturnPosition })[] {
  const targets = importedFunctions(module, callee).map((target) => {
    const origin = project.imported(module, target.module);
    const returned = origin === undefined ? undefined : returnsWrapped(origin, target.name);
    return origin === undefined || returned === undefined ? undefined : { origin, called: target.name, ...returned };
  });
  const known = targets.filter((target) => target !== undefined);
  const positions = new Set(known.map(({ position }) => String(position)));
  return known.length < targets.length || positions.size > 1 ? [] : known;
}

function receivedModels(module: PythonModule, call: PyNode, position: ReturnPosition): NamedModel[] {
  const left = assignmentOf(statementOf(call))?.left;
  const items = left === undefined ? [] : namedChildren(left);
  const receivers = left === undefined || position === 'whole' ? [left] : position.map((index) => items[index]);
  const body = enclosingFunction(call) ?? module.source.root;
  return receivers.flatMap((receiver) => {
    const variable = receiver === undefined ? undefined : variableOf(module, receiver);
    return variable === undefined ? [] : [{ variable, body }];
  });
}

interface ImportedName {
  readonly module: string;
  readonly name: string;
}

/**
 * The imported functions that a callee may refer to: `f`, `pkg.f`, or a variable with the value `f if small else g`.
 * Empty unless all of them are imported.
 */
function importedFunctions(module: PythonModule, callee: PyNode): ImportedName[] {
  if (callee.type === 'identifier') {
    const binding = module.scopes.bindingOf(callee);
    const [write] = binding?.writes ?? [];
    if (write === undefined || binding?.writes.length !== 1) return [];
    if (write.kind === 'assignment') return chosenFunctions(module, write.name);
    if (write.kind !== 'import') return [];
    const name = importedNames(module.source, write.site).find((imported) => contains(imported.clause, write.name));
    return name?.member === undefined || isForeign(name.module) ? [] : [{ module: name.module, name: name.member }];
  }
  if (callee.type !== 'attribute') return [];
  const [object, member] = [childByField(callee, 'object'), childByField(callee, 'attribute')];
  const origin = object === undefined ? undefined : module.origins.single(object);
  return origin === undefined || member === undefined || isForeign(origin)
    ? []
    : [{ module: origin, name: module.source.textOf(member) }];
}

/** The functions that an assignment chooses from. */
function chosenFunctions(module: PythonModule, name: PyNode): ImportedName[] {
  const assignment = assignmentOf(statementOf(name));
  if (assignment?.left !== name) return [];
  const { right } = assignment;
  const values = namedChildren(right).filter((_, index) => index !== 1);
  const arms = (right.type === 'conditional_expression' ? values : [right]).map((arm) =>
    importedFunctions(module, arm),
  );
  return arms.some((arm) => arm.length === 0) ? [] : arms.flat();
}

function isForeign(module: string): boolean {
  return /^(keras|tensorflow|tf_keras|numpy|os|sys)(\.|$)/.test(module);
}
