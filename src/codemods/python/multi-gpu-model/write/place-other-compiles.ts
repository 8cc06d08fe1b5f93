/** Moves the `compile` calls of a wrapped model in other functions of the file into its scope. Collects edits. */
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';
import type { PythonProject } from '../../project/python-project.js';
import type { PyNode } from '../../syntax/node.js';
import type { LargerModels } from '../model/larger-models-in-method.js';
import type { Lifecycle } from '../model/lifecycle.js';
import type { LateCreation } from '../model/wrap-group.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { commonBlock, isBlock, statementOf } from '../../analysis/statements.js';
import { reachingDefinitions } from '../../analysis/variables.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { compileSlice } from '../model/compile-slice.js';
import { type Building, runsBuilding, scopeIn } from '../plans/building.js';

import { placeCompiles } from './place-compiles.js';
import { enterFrame } from './scope-frame.js';

/** Moves every `compile` that the group itself does not contain. */
export function placeOtherCompiles(editor: LineEditor, life: Lifecycle): Refusal | undefined {
  const { module, group, building, compiles, larger } = life;
  const { project } = life.context.context;
  const methods = new Set<PyNode>();
  const placed = new Set<PyNode>();
  for (const { body } of [...compiles.map(({ model }) => model), ...larger])
    if (building !== undefined && scopeIn(building, body) !== undefined) methods.add(body);
  for (const model of larger) {
    const refusal = methods.has(model.body) ? undefined : placeLarger(module, editor, life, model, placed);
    if (refusal !== undefined) return refusal;
  }
  for (const { model, calls, isRelative } of compiles) {
    if (methods.has(model.body)) continue;
    const refusal = placeCompiles(project, module, editor, model, calls, placed, isRelative ? [] : group.models);
    if (refusal !== undefined) return refusal;
  }
  for (const body of methods) {
    const refusal = building === undefined ? undefined : placeInMethod(module, editor, life, building, body);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/**
 * Builds and compiles the larger models of a function in the scope that their part knows. What is compiled between them
 * is compiled in the same scope, and added to `placed`.
 */
function placeLarger(
  module: PythonModule,
  editor: LineEditor,
  { compiles, context }: Lifecycle,
  { body, part, variables, statements, calls }: LargerModels,
  placed: Set<PyNode>,
): Refusal | undefined {
  const ends = [...statements, ...calls];
  const [start, end] = [Math.min(...ends.map((node) => node.start)), Math.max(...ends.map((node) => node.end))];
  const between = compiles
    .filter(({ model }) => model.body === body)
    .flatMap((each) => each.calls)
    .filter((call) => start < call.start && call.end < end);
  const inside = insideOf(context.context.project, module, [...calls, ...between], statements);
  if (isRefusal(inside)) return inside;
  for (const statement of inside.statements) placed.add(statement);
  const block = commonBlock([...inside.statements], isBlock);
  const known = calls.flatMap((call) => reachingDefinitions(module, part, call));
  const early = [...inside.statements].find(({ start }) => known.some(({ end }) => start < end));
  const refusal = REFUSALS.largerModelCompiledElsewhere(part.text);
  if (early !== undefined) return refusalAt(module, refusal, early);
  if (block === undefined) return refusal;
  return enterFrame(module, editor, {
    block,
    inside: inside.statements,
    late: inside.late,
    models: [part, ...variables],
    scope: `${part.text}.distribute_strategy.scope()`,
  });
}

/** What calls compile: the calls, what creates their arguments, and what builds their models. */
function insideOf(
  project: PythonProject,
  module: PythonModule,
  calls: readonly PyNode[],
  statements: readonly PyNode[],
): { readonly statements: Set<PyNode>; readonly late: LateCreation[] } | Refusal {
  const inside = new Set(statements);
  const late: LateCreation[] = [];
  for (const call of calls) {
    const creating = compileSlice(project, module, call);
    if (isRefusal(creating)) return creating;
    late.push(...creating.late);
    for (const statement of [statementOf(call), ...creating.statements]) inside.add(statement);
  }
  return { statements: inside, late };
}

/** Moves what a method compiles into the scope of the strategy that its class knows, with the larger models of it. */
function placeInMethod(
  module: PythonModule,
  editor: LineEditor,
  { compiles, larger, context }: Lifecycle,
  building: Building,
  body: PyNode,
): Refusal | undefined {
  const own = compiles.filter(({ model }) => model.body === body);
  const others = larger.filter((model) => model.body === body);
  const calls = [...own, ...others].flatMap((each) => each.calls);
  const inside = insideOf(
    context.context.project,
    module,
    calls,
    others.flatMap(({ statements }) => statements),
  );
  if (isRefusal(inside)) return inside;
  const block = commonBlock([...inside.statements], isBlock);
  if (block === undefined) return undefined;
  return enterFrame(module, editor, {
    block,
    inside: inside.statements,
    late: inside.late,
    models: [...own.map(({ model }) => model.variable), ...others.flatMap(({ variables }) => variables)],
    isOutside: (statement) => runsBuilding(building, statement),
    scope: scopeIn(building, body) ?? building.strategy,
  });
}
