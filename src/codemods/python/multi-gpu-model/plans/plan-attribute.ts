/**
 * Plans a model that one method of a class builds into an attribute, and another method wraps: the scope goes around
 * the assignment of the attribute, and the strategy becomes an attribute as well. Pure.
 */
import type { Choice } from '../../../lifecycle/choice.js';
import type { StrategyTarget } from '../../../options.js';
import type { PythonModule } from '../../analysis/module.js';
import type { ModelUses } from '../checks/layer-uses.js';
import type { BuiltInMethod } from '../model/build-place.js';
import type { GroupContext } from './group-context.js';
import type { GroupPlan } from './plan-group.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import {
  assignmentOf,
  blockOf,
  commonBlock,
  enclosingFunction,
  isBlock,
  ownsItsLines,
  statementOf,
} from '../../analysis/statements.js';
import { sameVariable, type Variable, variableOf } from '../../analysis/variables.js';
import { LineEditor } from '../../edit/line-editor.js';
import { COMPILES } from '../../lifecycle/vocabulary-table.js';
import { subclassesInProject } from '../../project/references.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { contains, descendants, type PyNode } from '../../syntax/node.js';
import {
  checkAlwaysWrapped,
  checkConfiguredBefore,
  checkKnownAtBuild,
  checkSubclasses,
  type MeetingMethod,
  meetingMethod,
} from '../checks/attribute-order.js';
import { layerUses } from '../checks/layer-uses.js';
import { checkAttributeUses } from '../checks/model-uses.js';
import { attributeParts } from '../model/attribute-parts.js';
import { buildSlice, partsUsed } from '../model/build-slice.js';
import { changingStatements } from '../model/building-statements.js';
import { methodsOf, nameOf } from '../model/class-members.js';
import { compileSlice } from '../model/compile-slice.js';
import { isDeviceBody } from '../model/flatten-device-scopes.js';
import { methodCalls } from '../model/method-calls.js';
import { guardsOfWrap } from '../strategy/guards.js';
import { hoist } from '../strategy/hoist.js';
import { conditionsOf, strategyForWraps } from '../strategy/strategy-for-wraps.js';
import { removeFromBranch } from '../write/remove-from-branch.js';
import { replaceByAlias } from '../write/replace-by-alias.js';
import { createStrategy, enterFrame, type FrameStart, startOfFrame } from '../write/scope-frame.js';

/** The attributes, and the strategy to write. */
interface AttributeToBuild extends BuiltInMethod {
  readonly target: StrategyTarget;
}

/** Plans the two attributes; refuses when the order in which the methods run could change the result. */
export function planAttribute(
  module: PythonModule,
  attribute: BuiltInMethod,
  { removedImports, context: { project, target } }: GroupContext,
): GroupPlan | Refusal {
  const { wrap, template, parallel, owner, builder } = attribute;
  if (!ownsItsLines(module.source, wrap.site.statement)) return REFUSALS.sharedLine;
  const isSeparate = !sameVariable(template, parallel);
  const wrapper = enclosingFunction(wrap.site.call) ?? owner;
  const isAlwaysWrapped = checkAlwaysWrapped(module, wrapper, owner, compilesOriginal(module, attribute, wrapper));
  const meeting = isAlwaysWrapped === undefined ? undefined : meetingMethod(module, builder, wrapper, owner);
  const order =
    checkSubclasses(module, owner, template.text, builder, subclassesInProject(project, nameOf(module, owner))) ??
    (meeting === undefined ? isAlwaysWrapped : undefined) ??
    checkConfiguredBefore(project, module, builder, wrap.site.statement, owner);
  if (order !== undefined) return order;
  const uses: ModelUses | Refusal = isSeparate
    ? checkAttributeUses(module, wrap)
    : (checkSharedAttribute(module, attribute, wrapper) ?? { edits: [], weightFiles: [] });
  if (isRefusal(uses)) return uses;

  const editor = new LineEditor(module.source);
  const strategy = freeAttribute(module, owner);
  const built = planBuilder(module, editor, { ...attribute, target }, strategy, meeting);
  if (isRefusal(built)) return built;
  for (const method of methodsOf(owner)) {
    if (method === builder) continue;
    for (const text of new Set([template.text, parallel.text])) {
      const refusal = placeCompilesIn(module, editor, method, text, strategy);
      if (refusal !== undefined) return refusal;
    }
  }
  if (isSeparate) replaceByAlias(module, editor, wrap);
  else removeFromBranch(module, editor, wrap.site.statement, removedImports);
  for (const edit of uses.edits) editor.replace(edit.start, edit.end, edit.text);
  for (const statement of removedImports) if (contains(owner, statement)) editor.deleteStatement(statement);
  return {
    edits: editor.edits(),
    needsTensorFlow: built.needsTensorFlow,
    strategy: undefined,
    weightFiles: uses.weightFiles,
  };
}

/**
 * Refuses methods that read the layers of an attribute that holds the original model first and the multi-GPU model
 * later: nothing shows which one they mean.
 */
function checkSharedAttribute(
  module: PythonModule,
  { parallel, owner, builder }: BuiltInMethod,
  wrapper: PyNode,
): Refusal | undefined {
  for (const method of methodsOf(owner)) {
    if (method === builder || method === wrapper) continue;
    const mentions = [...descendants(method)].filter(
      (node) => node.type === 'attribute' && module.source.textOf(node) === parallel.text,
    );
    const uses = layerUses(module, mentions, undefined);
    if (isRefusal(uses)) return uses;
  }
  return undefined;
}

/** Whether some method compiles the original model, or none compiles the multi-GPU model. */
function compilesOriginal(
  module: PythonModule,
  { template, parallel, owner }: BuiltInMethod,
  wrapper: PyNode,
): boolean {
  const compiles = (variable: Variable, within: PyNode): number =>
    methodsOf(within)
      .concat(within)
      .reduce((sum, method) => sum + compileCallsIn(module, variable.text, method).length, 0);
  return sameVariable(template, parallel)
    ? compiles(template, owner) !== compiles(template, wrapper) || compiles(template, wrapper) === 0
    : compiles(template, owner) > 0 || compiles(parallel, owner) === 0;
}

/** Creates the strategy in the method that builds the model, and puts the building into its scope. */
function planBuilder(
  module: PythonModule,
  editor: LineEditor,
  attribute: AttributeToBuild,
  strategy: string,
  meeting: MeetingMethod | undefined,
): { readonly needsTensorFlow: boolean } | Refusal {
  const inside = builderStatements(module, attribute);
  if (isRefusal(inside)) return inside;
  const block = commonBlock(inside, (node) => isBlock(node) && !isDeviceBody(module, node));
  if (block === undefined) return REFUSALS.notBuiltInOneBlock;
  const creating =
    meeting === undefined ? { block, inside } : { block: blockOf(meeting.buildsAt), inside: [meeting.buildsAt] };
  const start = startOfFrame(module, { ...creating, removesDevices: true });
  if (isRefusal(start)) return start;
  const choice = choiceAtBuild(module, attribute, start, meeting);
  if (isRefusal(choice)) return choice;
  createStrategy(module, editor, start, strategy, choice);
  const frame = { block, inside, models: [attribute.template], removesDevices: true, scope: `${strategy}.scope()` };
  return enterFrame(module, editor, frame) ?? { needsTensorFlow: start.tensorflow.missing };
}

/** The statements of the building method that have to run inside the scope. */
function builderStatements(
  module: PythonModule,
  { definitions, template, parallel, builder }: BuiltInMethod,
): PyNode[] | Refusal {
  const found = new Set<PyNode>(definitions);
  for (const definition of definitions) {
    const left = assignmentOf(definition)?.left;
    const variable = left === undefined ? undefined : variableOf(module, left);
    if (variable === undefined) return REFUSALS.notBuiltWhereAssigned(template.text);
    const slices = partsUsed(module, definition).map((part) => buildSlice(module, part.variable, definition));
    const building = [definition, ...slices.flatMap(({ statements }) => statements)];
    const first = Math.min(...building.map((statement) => statement.start));
    const parts = [variable, ...slices.flatMap((slice) => slice.parts)];
    for (const statement of changingStatements(module, parts, builder))
      if (statement.start >= first) found.add(statement);
    for (const statement of building) {
      const attributes = attributeParts(module, statement, variable);
      if (isRefusal(attributes)) return attributes;
      for (const inner of [statement, ...attributes]) found.add(inner);
    }
  }
  for (const text of new Set([template.text, parallel.text])) {
    const compiling = compilesIn(module, text, builder);
    if (isRefusal(compiling)) return compiling;
    for (const statement of compiling) found.add(statement);
  }
  return [...found];
}

/** The strategy that the wrap asks for, as it is written in the method that builds the model. */
function choiceAtBuild(
  module: PythonModule,
  { wrap, owner, builder, target }: AttributeToBuild,
  { first, tensorflow }: FrameStart,
  meeting: MeetingMethod | undefined,
): Choice | Refusal {
  const { site } = wrap;
  const body = enclosingFunction(site.call)?.children.find((child) => child.type === 'block') ?? owner;
  if (guardsOfWrap(site, body).some(({ kind }) => kind === 'fallback')) return REFUSALS.wrappedInTry;
  const isKnown = (node: PyNode): Refusal | undefined =>
    checkKnownAtBuild(module, node, meeting?.method ?? builder, first.node, owner);
  const outer = conditionsOf(meeting?.guards ?? [], (node) => {
    const hoisted = isKnown(node) ?? hoist(module, node, first.node, 'inline');
    return isRefusal(hoisted) ? hoisted : hoisted.text;
  });
  if (isRefusal(outer)) return outer;
  const write = (node: PyNode): string | Refusal => isKnown(node) ?? module.source.textOf(node);
  return strategyForWraps(module, { tensorflow: tensorflow.name, target }, [site], body, write, outer);
}

/** The statements of a method that compile an attribute, with those that create what `compile` takes. */
function compilesIn(module: PythonModule, text: string, method: PyNode): PyNode[] | Refusal {
  const found: PyNode[] = [];
  for (const call of compileCallsIn(module, text, method)) {
    const creating = compileSlice(module, call);
    if (isRefusal(creating)) return creating;
    found.push(statementOf(call), ...creating);
  }
  return found;
}

function compileCallsIn(module: PythonModule, text: string, method: PyNode): PyNode[] {
  const variable = variableIn(module, text, method);
  return variable === undefined ? [] : methodCalls(module, [variable], method, COMPILES);
}

function variableIn(module: PythonModule, text: string, method: PyNode): Variable | undefined {
  for (const node of descendants(method)) {
    if (node.type === 'attribute' && module.source.textOf(node) === text) return variableOf(module, node);
  }
  return undefined;
}

/** Moves the `compile` calls of another method into the scope. */
function placeCompilesIn(
  module: PythonModule,
  editor: LineEditor,
  method: PyNode,
  text: string,
  strategy: string,
): Refusal | undefined {
  const compiling = compilesIn(module, text, method);
  if (isRefusal(compiling)) return compiling;
  const variable = variableIn(module, text, method);
  const block = compiling.length === 0 ? undefined : commonBlock(compiling, isBlock);
  if (block === undefined || variable === undefined) return undefined;
  return enterFrame(module, editor, { block, inside: compiling, models: [variable], scope: `${strategy}.scope()` });
}

function freeAttribute(module: PythonModule, owner: PyNode): string {
  return module.source.textOf(owner).includes('self.strategy') ? 'self.mirrored_strategy' : 'self.strategy';
}
