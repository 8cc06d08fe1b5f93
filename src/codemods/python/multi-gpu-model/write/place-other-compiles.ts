/** Moves the `compile` calls of a wrapped model in other functions of the file into its scope. Collects edits. */
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';
import type { PyNode } from '../../syntax/node.js';
import type { Lifecycle } from '../model/lifecycle.js';
import type { LateCreation } from '../model/wrap-group.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { commonBlock, isBlock, statementOf } from '../../analysis/statements.js';
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
  const inside = new Set(others.flatMap(({ statements }) => statements));
  const late: LateCreation[] = [];
  for (const call of [...own, ...others].flatMap(({ calls }) => calls)) {
    const creating = compileSlice(context.context.project, module, call);
    if (isRefusal(creating)) return creating;
    late.push(...creating.late);
    for (const statement of [statementOf(call), ...creating.statements]) inside.add(statement);
  }
  const block = commonBlock([...inside], isBlock);
  if (block === undefined) return undefined;
  return enterFrame(module, editor, {
    block,
    inside,
    late,
    models: [...own.map(({ model }) => model.variable), ...others.flatMap(({ variables }) => variables)],
    isOutside: (statement) => runsBuilding(building, statement),
    scope: scopeIn(building, body) ?? building.strategy,
  });
}
