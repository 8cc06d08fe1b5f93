/**
 * Models that a function of another file builds, wraps and returns: where this file compiles one, it has to
 * enter the scope of the strategy that the model was built in.
 */
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { ModuleLoader } from './wrappers.js';

import { importedNames } from '../../analysis/imports.js';
import { assignmentOf, enclosingFunction, statementOf } from '../../analysis/statements.js';
import { isVariable, reachingDefinitions, variableOf } from '../../analysis/variables.js';
import { LineEditor } from '../../edit/line-editor.js';
import { childByField, contains, descendants, namedChildren, type PyNode } from '../../syntax/node.js';
import { checkLayerUses } from '../checks/model-uses.js';
import { followModel, type ModelPlace } from '../model/model-flow.js';
import { makesModelPart } from '../model/model-slice.js';
import { compilesOutsideScope, placeCompiles } from '../write/place-compiles.js';

import { findWrapUses, type WrapSite } from './wrap-site.js';

/** Where in what a function returns the models of the scope stand: as a whole, or at places of a tuple. */
export type ReturnPosition = 'whole' | readonly number[];

/** What a function returns of the models that are wrapped, and the function that wraps them: itself, or one that it only passes on. */
interface Returned {
  readonly position: ReturnPosition;
  readonly wrapping: string;
}

/** What a module-level function of a file returns of the models that it wraps; undefined when it returns none. */
function returnsWrapped(module: PythonModule, name: string, steps = 4): Returned | undefined {
  const definition = module.source.root.children.find(
    (node) => node.type === 'function_definition' && module.source.textOf(childByField(node, 'name') ?? node) === name,
  );
  if (definition === undefined || steps === 0) return undefined;
  const sites = findWrapUses(module).sites.filter(({ call }) => contains(definition, call));
  if (sites.length === 0) return passesOn(module, definition, steps);
  const position = positionOfWrapped(module, definition, sites);
  return position === undefined ? undefined : { position, wrapping: name };
}

/** `return create_model(size, tiny=True)` and nothing else that returns. */
function passesOn(module: PythonModule, definition: PyNode, steps: number): Returned | undefined {
  const returns = [...descendants(definition)].filter(
    (node) => node.type === 'return_statement' && enclosingFunction(node) === definition,
  );
  const found = returns.map((statement) => {
    const [value] = namedChildren(statement);
    const callee = value?.type === 'call' ? childByField(value, 'function') : undefined;
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

/** A function of another file that a call may mean. */
export interface ImportedFunction {
  readonly origin: PythonModule;
  /** The name that is called. */
  readonly called: string;
  /** The function that wraps. */
  readonly wrapping: string;
}

/** A call in this file of such a function. */
export interface ImportedModel {
  readonly call: PyNode;
  /** One, or those that a conditional expression chooses from. */
  readonly functions: readonly ImportedFunction[];
  /** The variables that receive the models; empty when the result is not assigned. */
  readonly places: readonly ModelPlace[];
}

/** The calls in a file of functions of other files that return a wrapped model. */
export function importedModels(module: PythonModule, load: ModuleLoader): ImportedModel[] {
  const found: ImportedModel[] = [];
  for (const node of module.source.nodes) {
    const callee = node.type === 'call' ? childByField(node, 'function') : undefined;
    if (callee === undefined) continue;
    const targets = importedFunctions(module, callee).map((target) => {
      const origin = load(module, target.module);
      const returned = origin === undefined ? undefined : returnsWrapped(origin, target.name);
      return origin === undefined || returned === undefined ? undefined : { origin, called: target.name, ...returned };
    });
    const [first] = targets;
    if (
      first === undefined ||
      targets.some((target) => target === undefined || `${target.position}` !== `${first.position}`)
    )
      continue;
    const { position } = first;
    const left = assignmentOf(statementOf(node))?.left;
    const items = left === undefined ? [] : namedChildren(left);
    const receivers = left === undefined || position === 'whole' ? [left] : position.map((index) => items[index]);
    const body = enclosingFunction(node) ?? module.source.root;
    const places = receivers.flatMap((receiver) => {
      const variable = receiver === undefined ? undefined : variableOf(module, receiver);
      return variable === undefined ? [] : [{ variable, body }];
    });
    found.push({ call: node, functions: targets.filter((target) => target !== undefined), places });
  }
  return found;
}

interface ImportedName {
  readonly module: string;
  readonly name: string;
}

/** The imported functions that a callee may be: `f`, `pkg.f`, or a name for `f if small else g`; none unless all of them are known. */
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

function chosenFunctions(module: PythonModule, name: PyNode): ImportedName[] {
  const assignment = assignmentOf(statementOf(name));
  if (assignment?.left !== name) return [];
  const { right } = assignment;
  const [consequence, , alternative] =
    right.type === 'conditional_expression' ? namedChildren(right) : [right, undefined, right];
  const arms = [consequence, alternative].map((arm) => (arm === undefined ? [] : importedFunctions(module, arm)));
  return arms.some((arm) => arm.length === 0) ? [] : arms.flat();
}

function isForeign(module: string): boolean {
  return /^(keras|tensorflow|tf_keras|numpy|os|sys)(\.|$)/.test(module);
}

/**
 * Wraps the compiles of models that come from other files.
 *
 * @throws Refusal when an optimizer is made where the model is not known yet, or the layers of the wrapped model are looked at.
 */
export function planImportedCompiles(
  module: PythonModule,
  models: readonly ImportedModel[],
): { edits: readonly TextEdit[]; compiles: readonly PyNode[] } {
  const editor = new LineEditor(module.source);
  const compiles: PyNode[] = [];
  const starts = models.flatMap(({ places }) => places);
  for (const place of followModel(module, starts).places) {
    checkLayerUses(module, place);
    const calls = compilesOutsideScope(module, place);
    if (calls.length === 0) continue;
    placeCompiles(module, editor, place, calls);
    compiles.push(...calls);
  }
  return { edits: editor.edits(), compiles };
}
