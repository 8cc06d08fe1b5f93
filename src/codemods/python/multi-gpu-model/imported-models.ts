/**
 * Models that a function of another file builds, wraps and returns: where this file compiles one, it has to
 * enter the scope of the strategy that the model was built in.
 */
import type { TextEdit } from '../../result.js';
import { importedNames } from '../analysis/imports.js';
import type { PythonModule } from '../analysis/module.js';
import { assignmentOf, enclosingFunction, statementOf } from '../analysis/statements.js';
import { isVariable, reachingDefinitions, variableOf } from '../analysis/variables.js';
import { LineEditor } from '../edit/line-editor.js';
import { type PyNode, childByField, contains, descendants, namedChildren } from '../syntax/node.js';
import { type ModelPlace, followModel } from './model-flow.js';
import { makesModelPart } from './model-slice.js';
import { compilesOutsideScope, placeCompiles } from './remote-compile.js';
import { findWrapUses } from './wrap-site.js';
import type { ModuleLoader } from './wrappers.js';

/** Where in what a function returns the models of the scope stand: as a whole, or at places of a tuple. */
export type ReturnPosition = 'whole' | readonly number[];

/** What a module-level function of a file returns of the models that it wraps; undefined when it returns none. */
function returnsWrapped(module: PythonModule, name: string): ReturnPosition | undefined {
  const definition = module.source.root.children.find(
    (node) => node.type === 'function_definition' && module.source.textOf(childByField(node, 'name') ?? node) === name,
  );
  if (definition === undefined) return undefined;
  const sites = findWrapUses(module).sites.filter(({ call }) => contains(definition, call));
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
      const isModel = other !== undefined && reachingDefinitions(module, other, node).some((made) => makesModelPart(module, made));
      return isModel || isVariable(module, item, variable) ? [index] : [];
    });
    if (positions.length > 0) return positions;
  }
  return undefined;
}

/** A call in this file of such a function. */
export interface ImportedModel {
  readonly call: PyNode;
  readonly function: string;
  readonly origin: PythonModule;
  /** The variables that receive the models; empty when the result is not assigned. */
  readonly places: readonly ModelPlace[];
}

/** The calls in a file of functions of other files that return a wrapped model. */
export function importedModels(module: PythonModule, load: ModuleLoader): ImportedModel[] {
  const found: ImportedModel[] = [];
  for (const node of descendants(module.source.root)) {
    const callee = node.type === 'call' ? childByField(node, 'function') : undefined;
    if (callee === undefined) continue;
    const target = importedFunction(module, callee);
    const origin = target === undefined ? undefined : load(module, target.module);
    const position = origin === undefined || target === undefined ? undefined : returnsWrapped(origin, target.name);
    if (origin === undefined || target === undefined || position === undefined) continue;
    const left = assignmentOf(statementOf(node))?.left;
    const items = left === undefined ? [] : namedChildren(left);
    const receivers = left === undefined || position === 'whole' ? [left] : position.map((index) => items[index]);
    const body = enclosingFunction(node) ?? module.source.root;
    const places = receivers.flatMap((receiver) => {
      const variable = receiver === undefined ? undefined : variableOf(module, receiver);
      return variable === undefined ? [] : [{ variable, body }];
    });
    found.push({ call: node, function: target.name, origin, places });
  }
  return found;
}

function importedFunction(module: PythonModule, callee: PyNode): { module: string; name: string } | undefined {
  if (callee.type === 'identifier') {
    const binding = module.scopes.bindingOf(callee);
    const [write] = binding?.writes ?? [];
    if (write?.kind !== 'import' || binding?.writes.length !== 1) return undefined;
    const name = importedNames(module.source, write.site).find((imported) => contains(imported.clause, write.name));
    return name?.member === undefined || isForeign(name.module) ? undefined : { module: name.module, name: name.member };
  }
  if (callee.type !== 'attribute') return undefined;
  const [object, member] = [childByField(callee, 'object'), childByField(callee, 'attribute')];
  const origin = object === undefined ? undefined : module.origins.single(object);
  return origin === undefined || member === undefined || isForeign(origin) ? undefined : { module: origin, name: module.source.textOf(member) };
}

function isForeign(module: string): boolean {
  return /^(keras|tensorflow|tf_keras|numpy|os|sys)(\.|$)/.test(module);
}

/**
 * Wraps the compiles of models that come from other files.
 *
 * @throws Refusal when an optimizer is made where the model is not known yet.
 */
export function planImportedCompiles(module: PythonModule, models: readonly ImportedModel[]): { edits: readonly TextEdit[]; compiles: readonly PyNode[] } {
  const editor = new LineEditor(module.source);
  const compiles: PyNode[] = [];
  const starts = models.flatMap(({ places }) => places);
  for (const place of followModel(module, starts).places) {
    const calls = compilesOutsideScope(module, place);
    if (calls.length === 0) continue;
    placeCompiles(module, editor, place, calls);
    compiles.push(...calls);
  }
  return { edits: editor.edits(), compiles };
}
