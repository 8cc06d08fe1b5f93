/**
 * Plans a function that receives a model as a parameter, wraps it and trains it: the callers build the model in the
 * scope of a strategy, and the function compiles it in the scope that the model remembers. Every caller has to be in
 * the file, and may pass a model of its own. Pure.
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
  const inside = planGroup(module, [wrap], context);
  if (isRefusal(inside)) return inside;
  const outside: GroupPlan[] = [];
  for (const sameModel of byModel(module, callers)) {
    const [first] = sameModel;
    const refusal = checkCallers(module, first, definition);
    if (refusal !== undefined) return refusal;
    const choose = (start: FrameStart): Choice | Refusal =>
      commonChoice(
        module,
        wrap,
        body,
        sameModel,
        { tensorflow: start.tensorflow.name, target: context.context.target },
        start.first.node,
      );
    const plan = planCaller(module, wrap, first, choose, context);
    if (isRefusal(plan)) return plan;
    outside.push(plan);
  }
  const edits = outside.flatMap((plan) => plan.edits);
  if (outside.length > 1 && doOverlap(outside)) return REFUSALS.callersPassDifferentModels;
  // Both plans put a compile of the caller into a scope; that of the caller itself is enough.
  const own = inside.edits.filter(
    (edit) => isWithin(definition, edit) || !edits.some(({ start }) => start === edit.start),
  );
  return {
    edits: [...own, ...edits],
    needsTensorFlow: outside.some(({ needsTensorFlow }) => needsTensorFlow),
    strategy: outside[0]?.strategy,
    weightFiles: inside.weightFiles,
  };
}

/** The callers of each model. */
function byModel(module: PythonModule, callers: readonly [Caller, ...Caller[]]): [Caller, ...Caller[]][] {
  const groups: [Caller, ...Caller[]][] = [];
  for (const caller of callers) {
    const body = functionOrModule(module, caller.call);
    const same = groups.find(
      ([{ call, variable }]) => functionOrModule(module, call) === body && sameVariable(caller.variable, variable),
    );
    if (same === undefined) groups.push([caller]);
    else same.push(caller);
  }
  return groups;
}

/** Whether the models are built in turns, so that the scope of one would contain a part of another. */
function doOverlap(plans: readonly GroupPlan[]): boolean {
  const ranges = plans.map(({ edits }) => ({
    start: Math.min(...edits.map(({ start }) => start)),
    end: Math.max(...edits.map(({ end }) => end)),
  }));
  return ranges.some((a, index) => ranges.slice(index + 1).some((b) => a.start < b.end && b.start < a.end));
}

function isWithin(node: PyNode, { start, end }: TextEdit): boolean {
  return node.start <= start && end <= node.end;
}

/** Refuses a caller that replaces the model later, and a third function that compiles it. */
function checkCallers(module: PythonModule, { call, variable }: Caller, definition: PyNode): Refusal | undefined {
  const body = functionOrModule(module, call);
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
