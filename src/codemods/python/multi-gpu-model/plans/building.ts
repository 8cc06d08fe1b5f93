/**
 * Reads where another function builds the model that a function wraps: a method that builds it into an attribute, or
 * the callers that pass it on. The scope goes there, and the strategy as well. Pure.
 */
import type { Choice } from '../../../lifecycle/choice.js';
import type { PythonModule } from '../../analysis/module.js';
import type { BuiltByCallers, BuiltInMethod } from '../model/build-place.js';
import type { Caller } from '../model/callers.js';
import type { Wrap } from '../model/wrap-group.js';
import type { GroupContext } from './group-context.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { callsIn } from '../../analysis/calls.js';
import {
  assignmentOf,
  blockOf,
  enclosingClass,
  enclosingFunction,
  ownsItsLines,
  statementOf,
} from '../../analysis/statements.js';
import { isWrite, mentionsOf, sameVariable, type Variable, variableOf } from '../../analysis/variables.js';
import { subclassesInProject } from '../../project/references.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, closest, contains, type PyNode } from '../../syntax/node.js';
import {
  callsThatReach,
  checkAlwaysWrapped,
  checkConfiguredBefore,
  checkKnownAtBuild,
  checkSubclasses,
  type MeetingMethod,
  meetingMethod,
} from '../checks/attribute-order.js';
import { legacyCallIn } from '../find/wrappers.js';
import { analyzeWraps } from '../model/analyze-wraps.js';
import { nameOf } from '../model/class-members.js';
import { followModel } from '../model/model-flow.js';
import { compilesOutsideScope } from '../model/own-scope.js';
import { functionOrModule } from '../model/wrap-group.js';
import { guardsOfWrap } from '../strategy/guards.js';
import { hoist } from '../strategy/hoist.js';
import { strategyAttribute, strategyName } from '../strategy/names.js';
import { commonChoice, conditionsOf, strategyForWraps } from '../strategy/strategy-for-wraps.js';
import { writeForCaller } from '../strategy/write-for-caller.js';
import { type FrameStart, type ScopeFrame, startOfFrame } from '../write/scope-frame.js';

import { doOverlap, type RangeInFunction } from './text-range.js';

/** The statements of a function that build a model, and the strategy that is created above them. */
interface BuildingFrame {
  /** The function. */
  readonly body: PyNode;
  readonly frame: Omit<ScopeFrame, 'scope'>;
  readonly start: FrameStart;
  readonly choice: Choice;
}

/** The building of a model in another function, or of several in the callers that each pass their own. */
export interface Building {
  readonly frames: readonly [BuildingFrame, ...BuildingFrame[]];
  /** The name of the strategy. */
  readonly strategy: string;
  /** The `compile` calls that the frames contain. */
  readonly compileCalls: readonly PyNode[];
  /** The class whose methods know the strategy; undefined when only the model itself remembers it. */
  readonly owner: PyNode | undefined;
  /** The calls in the methods of that class that run the building: the strategy is unknown until they end. */
  readonly calls: readonly PyNode[];
}

/** Reads the building; refuses when the code does not show how the model is built, or when it is wrapped. */
export function readBuilding(
  module: PythonModule,
  wrap: Wrap,
  place: BuiltInMethod | BuiltByCallers,
  context: GroupContext,
): Building | Refusal {
  return place.kind === 'method' ? inMethod(module, wrap, place, context) : inCaller(module, wrap, place, context);
}

/** Whether a function builds the model, or one of them. */
export function buildsIn(building: Building | undefined, body: PyNode): boolean {
  return building?.frames.some((frame) => frame.body === body) === true;
}

/** Whether a statement runs the building, so that the scope cannot be entered around it. */
export function runsBuilding(building: Building | undefined, statement: PyNode): boolean {
  return building?.calls.some((call) => contains(statement, call)) === true;
}

/** The text that enters the scope of the model in a function; undefined when its name there has to tell. */
export function scopeIn({ owner, strategy }: Building, body: PyNode): string | undefined {
  return owner !== undefined && enclosingClass(body) === owner ? `${strategy}.scope()` : undefined;
}

/** The method builds the model in a scope, and the strategy becomes an attribute. */
function inMethod(
  module: PythonModule,
  wrap: Wrap,
  { owner, builder, template, definitions, parallel }: BuiltInMethod,
  { usedNames, context: { project, target } }: GroupContext,
): Building | Refusal {
  const { source } = module;
  const { site } = wrap;
  if (!ownsItsLines(source, site.statement)) return REFUSALS.sharedLine;
  const wrapper = enclosingFunction(site.call) ?? owner;
  const isAlwaysWrapped = checkAlwaysWrapped(
    module,
    wrapper,
    owner,
    compilesOriginal(module, owner, wrapper, template, parallel),
  );
  const meeting = isAlwaysWrapped === undefined ? undefined : meetingMethod(module, builder, wrapper, owner);
  const order =
    checkSubclasses(module, owner, template.text, builder, subclassesInProject(project, nameOf(module, owner))) ??
    (meeting === undefined ? isAlwaysWrapped : undefined) ??
    checkConfiguredBefore(project, module, builder, site.statement, owner);
  if (order !== undefined) return order;
  const targets = definitions.map((definition) => assignmentOf(definition)?.left);
  const [variable] = targets.map((left) => (left === undefined ? undefined : variableOf(module, left)));
  if (variable === undefined || targets.some((left) => left === undefined || source.textOf(left) !== template.text))
    return REFUSALS.notBuiltWhereAssigned(template.text);
  // The builder may compile the multi-GPU model as well, which another method assigns.
  const here = template.text === parallel.text ? undefined : { ...variable, text: parallel.text };
  const end = endOf(childByField(builder, 'body') ?? builder);
  const group = analyzeWraps(project, module, [{ ...passedOn(wrap, end, end, variable), parallel: here }], {
    isAnchored: false,
  });
  if (isRefusal(group)) return group;
  const frame = {
    block: group.block,
    inside: [...group.scopeStatements],
    late: group.late,
    models: [variable],
    removesDevices: true,
  };
  const creating = meeting === undefined ? frame : { block: blockOf(meeting.buildsAt), inside: [meeting.buildsAt] };
  const start = startOfFrame(module, { ...creating, removesDevices: true });
  if (isRefusal(start)) return start;
  const isKnown = (node: PyNode): Refusal | undefined =>
    checkKnownAtBuild(module, node, meeting?.method ?? builder, start.first.node, owner);
  const choice = choiceAtBuild(module, wrap, start, target, isKnown, meeting);
  if (isRefusal(choice)) return choice;
  const strategy = strategyAttribute(module, owner, usedNames);
  const calls = callsThatReach(module, builder, owner);
  const { compileCalls } = group;
  return { frames: [{ body: builder, frame, start, choice }], strategy, compileCalls, owner, calls };
}

/** Whether some method compiles the original model, or none compiles the multi-GPU model. */
function compilesOriginal(
  { source }: PythonModule,
  owner: PyNode,
  wrapper: PyNode,
  template: Variable,
  parallel: Variable,
): boolean {
  const compiles = ({ text }: Variable, isHere: (call: PyNode) => boolean): boolean =>
    callsIn(owner).some(({ call, callee }) => isHere(call) && source.textOf(callee) === `${text}.compile`);
  const isInWrapper = (call: PyNode): boolean => contains(wrapper, call);
  return template.text === parallel.text
    ? compiles(template, (call) => !isInWrapper(call)) || !compiles(template, isInWrapper)
    : compiles(template, () => true) || !compiles(parallel, () => true);
}

/** A place behind the last statement of a block. */
function endOf(block: PyNode): PyNode {
  const { end } = block;
  return { type: 'end', named: false, field: undefined, start: end, end, parent: block, children: [] };
}

/** A wrap as if it were a place to which its model is passed. */
function passedOn({ site }: Wrap, call: PyNode, model: PyNode, template: Variable): Wrap {
  const here = {
    call,
    model,
    statement: statementOf(call),
    gpus: undefined,
    target: undefined,
    conditional: undefined,
  };
  return { site: { ...site, ...here, form: 'argument' }, template, parallel: undefined };
}

/** The strategy that the wrap asks for, as it is written in the method that builds the model. */
function choiceAtBuild(
  module: PythonModule,
  { site }: Wrap,
  { first, tensorflow }: FrameStart,
  target: GroupContext['context']['target'],
  isKnown: (node: PyNode) => Refusal | undefined,
  meeting: MeetingMethod | undefined,
): Choice | Refusal {
  const body = childByField(enclosingFunction(site.call) ?? site.call, 'body') ?? site.call;
  if (guardsOfWrap(site, body).some(({ kind }) => kind === 'fallback')) return REFUSALS.wrappedInTry;
  const outer = conditionsOf(meeting?.guards ?? [], (node) => {
    const hoisted = isKnown(node) ?? hoist(module, node, first.node, 'inline');
    return isRefusal(hoisted) ? hoisted : hoisted.text;
  });
  if (isRefusal(outer)) return outer;
  const write = (node: PyNode): string | Refusal => isKnown(node) ?? module.source.textOf(node);
  return strategyForWraps(module, { tensorflow: tensorflow.name, target }, [site], body, write, outer);
}

/** Every caller has to be in the file; it may pass a model of its own. */
function inCaller(module: PythonModule, wrap: Wrap, place: BuiltByCallers, context: GroupContext): Building | Refusal {
  const frames: BuildingFrame[] = [];
  const compileCalls: PyNode[] = [];
  const strategy = strategyName(module, context.usedNames);
  for (const callers of byModel(module, place.callers)) {
    const built = ofOneModel(module, wrap, { ...place, callers }, context.context);
    if (isRefusal(built)) return built;
    frames.push(built.frame);
    compileCalls.push(...built.compileCalls);
  }
  const [first, ...others] = frames;
  if (first === undefined) return REFUSALS.noBuildingStatement;
  if (doOverlap(rangesOf({ frames: [first, ...others] }))) return REFUSALS.builtInTurns;
  return { frames: [first, ...others], strategy, compileCalls, owner: undefined, calls: [] };
}

/** The callers of each model. */
function byModel(module: PythonModule, callers: readonly Caller[]): [Caller, ...Caller[]][] {
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

/** From the first statement that builds to the last one, for each model. */
export function rangesOf({ frames }: Pick<Building, 'frames'>): readonly RangeInFunction[] {
  return frames.map(({ body, start, frame }) => ({
    body,
    start: start.first.node.start,
    end: Math.max(...[...frame.inside].map(({ end }) => end)),
  }));
}

/** How the callers of one function build the one model that they pass. */
function ofOneModel(
  module: PythonModule,
  wrap: Wrap,
  place: BuiltByCallers,
  { project, target }: GroupContext['context'],
): { readonly frame: BuildingFrame; readonly compileCalls: readonly PyNode[] } | Refusal {
  const [{ call, model, variable }] = place.callers;
  const group = checkCallers(module, place) ?? analyzeWraps(project, module, [passedOn(wrap, call, model, variable)]);
  if (isRefusal(group)) return group;
  const inside = [...group.scopeStatements];
  if (inside.some((statement) => legacyCallIn(module, statement) !== undefined))
    return REFUSALS.wrappedBeforeCall(variable.text);
  const isOutside = (statement: PyNode): boolean => contains(statement, call);
  const frame = { block: group.block, inside, late: group.late, models: [variable], isOutside, removesDevices: true };
  const start = startOfFrame(module, frame);
  if (isRefusal(start)) return start;
  if (closest(call, (node) => node === start.first.node) !== undefined)
    return REFUSALS.notBuiltInOwnStatement(variable.text);
  if (guardsOfWrap(wrap.site, place.body).some(({ kind }) => kind === 'fallback')) return REFUSALS.wrappedInTry;
  const strategyClass = { tensorflow: start.tensorflow.name, target };
  const choice = commonChoice(
    place.callers.map((caller) => {
      const write = writeForCaller(module, place.body, caller.arguments, start.first.node);
      return strategyForWraps(module, strategyClass, [wrap.site], place.body, write);
    }),
    REFUSALS.callersUseDifferentGpus,
  );
  if (isRefusal(choice)) return choice;
  const { compileCalls } = group;
  return { frame: { body: functionOrModule(module, call), frame, start, choice }, compileCalls };
}

/** Refuses a caller that replaces the model later, and a third function that compiles it. */
function checkCallers(module: PythonModule, { callers, definition }: BuiltByCallers): Refusal | undefined {
  const [{ call, variable }] = callers;
  const body = functionOrModule(module, call);
  if (mentionsOf(module, variable, body).some((mention) => mention.start > call.end && isWrite(mention)))
    return REFUSALS.modelReplacedBeforeCall(variable.text);
  const others = followModel(module, [{ variable, body }]).models.filter(
    (model) => model.body !== body && model.body !== definition,
  );
  return others.some((model) => compilesOutsideScope(module, model).length > 0)
    ? REFUSALS.severalFunctionsCompile
    : undefined;
}
