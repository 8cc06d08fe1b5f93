/**
 * Plans a function that receives a model as a parameter, wraps it and trains it: the callers build the model in the
 * scope of a strategy, and the function compiles it in the scope that the model remembers. Every caller has to be in
 * the file. Pure.
 */
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { BuiltByCallers } from '../model/build-place.js';
import type { Caller } from '../model/callers.js';
import type { Wrap } from '../model/wrap-group.js';
import type { StrategyClass } from '../strategy/mirrored-strategy.js';
import type { GroupContext } from './group-context.js';

import { type Choice, sameChoice } from '../../../lifecycle/choice.js';
import { isRefusal, type Refusal } from '../../../refusal.js';
import { statementOf } from '../../analysis/statements.js';
import { isWrite, mentionsOf, sameVariable, type Variable } from '../../analysis/variables.js';
import { LineEditor } from '../../edit/line-editor.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { closest, contains, type PyNode } from '../../syntax/node.js';
import { legacyCallIn } from '../find/wrappers.js';
import { analyzeWraps } from '../model/analyze-wraps.js';
import { followModel } from '../model/model-flow.js';
import { functionOrModule } from '../model/wrap-group.js';
import { guardsOfWrap } from '../strategy/guards.js';
import { strategyName } from '../strategy/names.js';
import { strategyForWraps } from '../strategy/strategy-for-wraps.js';
import { writeForCaller } from '../strategy/write-for-caller.js';
import { compilesOutsideScope } from '../write/place-compiles.js';
import { createStrategy, enterFrame, type FrameStart, startOfFrame } from '../write/scope-frame.js';

import { type GroupPlan, planGroup } from './plan-group.js';

/** Plans the function and its callers; refuses when a caller does not show how it builds the model. */
export function planParameter(
  module: PythonModule,
  wrap: Wrap,
  { definition, body, callers }: BuiltByCallers,
  context: GroupContext,
): GroupPlan | Refusal {
  const [first] = callers;
  const refusal = checkCallers(module, callers, first, definition);
  if (refusal !== undefined) return refusal;
  const inside = planGroup(module, [wrap], context);
  if (isRefusal(inside)) return inside;
  const choose = (start: FrameStart): Choice | Refusal =>
    commonChoice(
      module,
      wrap,
      body,
      callers,
      { tensorflow: start.tensorflow.name, target: context.context.target },
      start.first.node,
    );
  const outside = planCaller(module, wrap, first, choose, context);
  if (isRefusal(outside)) return outside;
  // Both plans put a compile of the caller into a scope; that of the caller itself is enough.
  const own = inside.edits.filter(
    (edit) => isWithin(definition, edit) || !outside.edits.some(({ start }) => start === edit.start),
  );
  return { ...outside, edits: [...own, ...outside.edits], weightFiles: inside.weightFiles };
}

function isWithin(node: PyNode, { start, end }: TextEdit): boolean {
  return node.start <= start && end <= node.end;
}

/** Refuses callers that pass different models, and a third function that compiles the model. */
function checkCallers(
  module: PythonModule,
  callers: readonly Caller[],
  { call, variable }: Caller,
  definition: PyNode,
): Refusal | undefined {
  const body = functionOrModule(module, call);
  const isSame = (other: Caller): boolean =>
    functionOrModule(module, other.call) === body && sameVariable(other.variable, variable);
  if (!callers.every(isSame)) return REFUSALS.callersPassDifferentModels;
  if (mentionsOf(module, variable, body).some((mention) => mention.start > call.end && isWrite(mention)))
    return REFUSALS.modelReplacedBeforeCall(variable.text);
  return checkOtherCompiles(module, variable, body, definition);
}

function checkOtherCompiles(
  module: PythonModule,
  variable: Variable,
  body: PyNode,
  definition: PyNode,
): Refusal | undefined {
  const { models } = followModel(module, [{ variable, body }]);
  const others = models.filter((model) => model.body !== body && model.body !== definition);
  return others.some((model) => compilesOutsideScope(module, model).length > 0)
    ? REFUSALS.severalFunctionsCompile
    : undefined;
}

/** The one strategy that every caller asks for. */
function commonChoice(
  module: PythonModule,
  { site }: Wrap,
  body: PyNode,
  callers: readonly Caller[],
  strategy: StrategyClass,
  before: PyNode,
): Choice | Refusal {
  if (guardsOfWrap(site, body).some(({ kind }) => kind === 'fallback')) return REFUSALS.wrappedInTry;
  let common: Choice | undefined;
  for (const caller of callers) {
    const write = writeForCaller(module, body, caller.arguments, before);
    const choice = strategyForWraps(module, strategy, [site], body, write);
    if (isRefusal(choice)) return choice;
    if (common !== undefined && !sameChoice(common, choice)) return REFUSALS.callersUseDifferentGpus;
    common = choice;
  }
  return common ?? REFUSALS.callersUseDifferentGpus;
}

/** Plans the function that builds the model and passes it on. */
function planCaller(
  module: PythonModule,
  { site }: Wrap,
  { call, model, variable }: Caller,
  choose: (start: FrameStart) => Choice | Refusal,
  { usedNames, context: { project } }: GroupContext,
): GroupPlan | Refusal {
  const own = {
    ...site,
    call,
    model,
    statement: statementOf(call),
    gpus: undefined,
    form: 'argument' as const,
    target: undefined,
    conditional: undefined,
  };
  const group = analyzeWraps(project, module, [{ site: own, template: variable, parallel: undefined }]);
  if (isRefusal(group)) return group;
  const inside = [...group.scopeStatements];
  if (inside.some((statement) => legacyCallIn(module, statement) !== undefined))
    return REFUSALS.wrappedBeforeCall(variable.text);
  const start = startOfFrame(module, { block: group.block, inside, removesDevices: true });
  if (isRefusal(start)) return start;
  if (closest(call, (node) => node === start.first.node) !== undefined)
    return REFUSALS.notBuiltInOwnStatement(variable.text);
  const strategy = strategyName(module, usedNames);
  const choice = choose(start);
  if (isRefusal(choice)) return choice;
  const editor = new LineEditor(module.source);
  createStrategy(module, editor, start, strategy, choice);
  const refusal = enterFrame(module, editor, {
    block: group.block,
    inside,
    models: [variable],
    isOutside: (statement) => contains(statement, call),
    removesDevices: true,
    scope: `${strategy}.scope()`,
  });
  return refusal ?? { edits: editor.edits(), needsTensorFlow: start.tensorflow.missing, strategy, weightFiles: [] };
}
