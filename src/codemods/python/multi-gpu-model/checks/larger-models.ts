/**
 * Checks that no other function of the file builds a larger model from a wrapped one and compiles it outside the scope.
 * Pure.
 */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';
import type { Lifecycle } from '../model/lifecycle.js';
import type { NamedModel } from '../model/named-model.js';

import { callsIn } from '../../analysis/calls.js';
import { enclosingClass } from '../../analysis/statements.js';
import { definitionsReaching, isWrite, mentionsOf, variableOf } from '../../analysis/variables.js';
import { COMPILES, LENDS_PARTS } from '../../lifecycle/vocabulary-table.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, descendants, type PyNode } from '../../syntax/node.js';
import { buildSlice } from '../model/build-slice.js';
import { changingStatements } from '../model/building-statements.js';
import { isMethod } from '../model/method-calls.js';
import { scopeAround } from '../model/own-scope.js';
import { functionOrModule } from '../model/wrap-group.js';
import { buildsIn } from '../plans/building.js';

const BUILDS_MODEL = /\b(Model|Sequential)\s*\(/;

/**
 * Refuses when another function compiles a larger model that contains a wrapped one, or stores it in an attribute that
 * another method compiles.
 */
export function checkLargerModels({ module, names, body, building, larger }: Lifecycle): Refusal | undefined {
  // A method that builds the model builds larger ones with it; callers know the model by another name.
  const elsewhere = names.filter(
    (name) => name.body !== body && (building?.owner === undefined || !buildsIn(building, name.body)),
  );
  const compiled = larger.flatMap(({ calls }) => calls);
  const part = findPartOfLarger(module, elsewhere, compiled);
  return part === undefined ? undefined : REFUSALS.largerModelCompiledElsewhere(module.source.textOf(part));
}

/**
 * The first mention of one of the models that makes it part of a larger model which is compiled outside the scope.
 *
 * @param module - The file.
 * @param models - The models.
 * @param placed - The `compile` calls that move into the scope.
 * @returns The mention, if there is one.
 */
export function findPartOfLarger(
  module: PythonModule,
  models: readonly NamedModel[],
  placed: readonly PyNode[] = [],
): PyNode | undefined {
  const names = models.map(({ variable }) => variable.text);
  const isLarger = (object: PyNode): boolean =>
    !names.includes(module.source.textOf(object)) &&
    module.source.textOf(object) !== 're' &&
    mayContain(module, object, models);
  for (const { variable, body } of models) {
    const part = mentionsOf(module, variable, body).find((mention) => isPart(module, mention));
    if (part === undefined || !BUILDS_MODEL.test(module.source.textOf(body))) continue;
    const attributes = new Set(
      [...descendants(body)]
        .filter((node) => node.type === 'attribute' && isWrite(node))
        .map((node) => module.source.textOf(node)),
    );
    const here = compiledIn(module, body, placed).some(isLarger);
    const owner = enclosingClass(body);
    const inOtherMethod =
      owner !== undefined &&
      compiledIn(module, owner, placed).some(
        (object) => isLarger(object) && attributes.has(module.source.textOf(object)),
      );
    if (here || inOtherMethod) return part;
  }
  return undefined;
}

/** Whether a compiled object may contain one of the models: not if the statements that build it mention none. */
function mayContain(module: PythonModule, object: PyNode, models: readonly NamedModel[]): boolean {
  const variable = variableOf(module, object);
  if (variable === undefined || !definitionsReaching(module, variable, object).complete) return true;
  const { statements, parts } = buildSlice(module, variable, object);
  const building = [...statements, ...changingStatements(module, parts, functionOrModule(module, object))];
  return building.some((statement) =>
    models.some((model) => mentionsOf(module, model.variable, statement).some((mention) => !isWrite(mention))),
  );
}

/**
 * Whether a larger model may contain the mentioned one: `model(x)`, `model.output`, `Model(x, model)`, `[model, …]`.
 */
function isPart(module: PythonModule, mention: PyNode): boolean {
  const { parent } = mention;
  if (parent === undefined) return false;
  if (parent.type === 'call' || parent.type === 'argument_list' || parent.type === 'list') return true;
  const use = parent.type === 'attribute' && mention.field === 'object' ? childByField(parent, 'attribute') : undefined;
  return use !== undefined && LENDS_PARTS.has(module.source.textOf(use));
}

/** The objects that are compiled inside a node but outside the scope of a strategy. */
function compiledIn(module: PythonModule, within: PyNode, placed: readonly PyNode[]): PyNode[] {
  return callsIn(within).flatMap(({ call, callee }) => {
    const object = isMethod(module, callee, COMPILES) ? childByField(callee, 'object') : undefined;
    const isInside = placed.includes(call) || scopeAround(module, call) !== undefined;
    return object === undefined || isInside ? [] : [object];
  });
}
