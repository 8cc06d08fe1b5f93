/** Plans the wraps of one function: creates the strategy, enters its scope, tidies branches and merges names. Pure. */
import type { Choice } from '../../../lifecycle/choice.js';
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { Variable } from '../../analysis/variables.js';
import type { PyNode } from '../../syntax/node.js';
import type { ModelUses } from '../checks/layer-uses.js';
import type { Wrap, WrapGroup } from '../model/wrap-group.js';
import type { GroupContext } from './group-context.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { ownsItsLines, statementsOf } from '../../analysis/statements.js';
import { LineEditor } from '../../edit/line-editor.js';
import { definitionsInProject, originsThroughProject } from '../../project/follow-name.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, closest, contains } from '../../syntax/node.js';
import { replaceLibraryCallback } from '../callbacks/library-callbacks.js';
import { checkProjectCallback } from '../callbacks/project-callbacks.js';
import { configuringStatements } from '../checks/device-configuration.js';
import { checkDeviceScopes } from '../checks/device-scopes.js';
import { checkModelUses } from '../checks/model-uses.js';
import { checkVisibleDevices } from '../checks/visible-devices.js';
import { analyzeWraps } from '../model/analyze-wraps.js';
import { type FlatStatement, flattenDeviceScopes } from '../model/flatten-device-scopes.js';
import { trains } from '../model/method-calls.js';
import { belongsToOtherModel } from '../model/other-models.js';
import { canCreateBefore, isInOwnScope, type OwnScope } from '../model/own-scope.js';
import { functionOrModule } from '../model/wrap-group.js';
import { hoist } from '../strategy/hoist.js';
import { strategyName, type TensorFlowName, tensorFlowName } from '../strategy/names.js';
import { assignmentLines, joinedConditions } from '../strategy/strategy-choice.js';
import { strategyForWraps } from '../strategy/strategy-for-wraps.js';
import { readsLaterNames } from '../strategy/write-for-caller.js';
import { isFirstOfEmptiedBlock } from '../write/import-edits.js';
import { mergeNames, type NameMerge } from '../write/merge-names.js';
import { placeReturnedCompiles } from '../write/place-returned-compiles.js';
import { firstLineOf, placeScopes } from '../write/place-scopes.js';
import { removeDeviceScopes } from '../write/remove-device-scopes.js';
import { renameMerged, replaceWrap } from '../write/replace-wraps.js';
import { fillEmptiedBlocks } from '../write/tidy-branches.js';

import { type Arrangement, arrangeStatements } from './arrange-statements.js';

/** The edits for one group of wraps, and what they need. */
export interface GroupPlan {
  readonly edits: readonly TextEdit[];
  /** Whether the file has to import TensorFlow. */
  readonly needsTensorFlow: boolean;
  /** From the first statement that builds to the last one that compiles, when the group has a strategy. */
  readonly range?: { readonly start: number; readonly end: number };
  /** The name of the strategy; undefined when the group creates none. */
  readonly strategy: string | undefined;
  /** Calls that read or write weights in the layout of the multi-GPU model. */
  readonly weightFiles: readonly PyNode[];
}

/** Plans one group; refuses when any of its wraps cannot be migrated completely. */
export function planGroup(module: PythonModule, wraps: readonly Wrap[], context: GroupContext): GroupPlan | Refusal {
  const group = analyzeWraps(context.context.project, module, wraps, context.built === 'by-callers');
  if (isRefusal(group)) return group;
  const merges = wraps.map((wrap) => mergeNames(group, wrap));
  const uses = usesOf(module, group, merges, context);
  if (isRefusal(uses)) return uses;

  const editor = new LineEditor(module.source);
  const removedStatements = new Set<PyNode>(context.removedImports);
  for (const merge of merges)
    for (const statement of replaceWrap(module, editor, merge, group)) removedStatements.add(statement);
  for (const edit of uses.edits) editor.replace(edit.start, edit.end, edit.text);
  renameMerged(module, editor, merges);
  for (const statement of context.removedImports) {
    const isInBlock =
      contains(group.block, statement) && functionOrModule(module, statement) === functionOrModule(module, group.block);
    if (isInBlock && isOutermostInFunction(module, statement, context.removedImports)) {
      if (isFirstOfEmptiedBlock(statement, [...context.removedImports]))
        editor.replace(statement.start, statement.end, 'pass');
      else editor.deleteStatement(statement);
    }
  }

  const removesDevice = (statement: PyNode): boolean =>
    [...group.scopeStatements].some((node) => contains(statement, node)) ||
    wraps.some(({ site }) => contains(statement, site.statement));
  const original = flattenDeviceScopes(module, group.block, removesDevice);
  const devices =
    checkDeviceScopes(module, group, removesDevice) ?? removeDeviceScopes(module, editor, group.block, removesDevice);
  if (devices !== undefined) return devices;
  const building = outsideOwnScope(group);
  const first =
    original.find(({ node }) => [...building.scopeStatements].some((statement) => contains(node, statement))) ??
    (context.built === 'by-callers' || group.ownScope !== undefined ? original[0] : undefined);
  if (first === undefined) return REFUSALS.noBuildingStatement;

  const created = planStrategy(module, group, original, first.node, context);
  if (isRefusal(created)) return created;
  const { tensorflow, strategy, expression } = created;
  const movedUp = new Set(expression?.moved);
  if (group.ownScope !== undefined) leaveOwnScope(editor, group.ownScope, removedStatements);
  const arranged = arrangeStatements(module, editor, {
    group: building,
    original: original.filter(({ node }) => !movedUp.has(node)),
    merges,
    removesDevice,
    removedStatements,
    strategy,
  });
  if (isRefusal(arranged)) return arranged;
  for (const { site } of wraps) fillEmptiedBlocks(module, editor, group.block, site.statement, removedStatements);
  const refusal =
    insertStrategy(module, editor, first, created) ??
    (context.built === 'in-callers-scope'
      ? undefined
      : placeGroup(module, editor, building, arranged, removesDevice, scopeOf(group, strategy, context)));
  if (refusal !== undefined) return refusal;
  const otherWeightFiles = placeReturnedCompiles(module, group, editor, context);
  if (isRefusal(otherWeightFiles)) return otherWeightFiles;
  return {
    edits: editor.edits(),
    needsTensorFlow: expression?.choice !== undefined && tensorflow.missing,
    strategy: expression?.choice === undefined ? undefined : strategy,
    range: rangeOf(group),
    weightFiles: [...uses.weightFiles, ...otherWeightFiles],
  };
}

function usesOf(
  module: PythonModule,
  group: WrapGroup,
  merges: readonly NameMerge[],
  context: GroupContext,
): ModelUses | Refusal {
  const functionNode = functionOrModule(module, group.wraps[0]?.site.statement);
  return checkModelUses(module, group, functionNode, (call) => {
    const [only, ...others] = merges;
    const model = only === undefined || others.length > 0 ? undefined : stableName(only);
    const callee = childByField(call, 'function');
    if (callee === undefined) return [];
    const tensorflow = tensorFlowName(module, call);
    if (isRefusal(tensorflow)) return tensorflow;
    const { project } = context.context;
    const origins = originsThroughProject(project, module, callee);
    const edit =
      model === undefined ? undefined : replaceLibraryCallback(module, call, origins, model, tensorflow.name);
    if (edit !== undefined) return tensorflow.importLine === undefined ? [edit] : REFUSALS.tensorflowNameTaken;
    const classes = definitionsInProject(project, module, callee).map(({ module: home, node }) =>
      home.source.textOf(node),
    );
    return checkProjectCallback(module.source.textOf(callee), classes) ?? [];
  });
}

/** The one name of the model, if it holds that model from the wrap on. */
function stableName({ wrap, to }: NameMerge): Variable | undefined {
  const variable = to ?? wrap.parallel;
  const { statement } = wrap.site;
  const isStable =
    variable !== undefined &&
    !variable.text.includes('.') &&
    variable.root.writes.every((write) => write.name.start < statement.end);
  return isStable ? variable : undefined;
}

/** Whether a statement is not part of another one of the set. Top-level imports are left to the edits of imports. */
function isOutermostInFunction(module: PythonModule, statement: PyNode, all: ReadonlySet<PyNode>): boolean {
  return statement.parent !== module.source.root && closest(statement.parent, (node) => all.has(node)) === undefined;
}

/** The strategy of a group of wraps. */
interface StrategyExpression {
  /** Undefined when the program creates the strategy itself. */
  readonly choice: Choice | undefined;
  /** Statements to move above the strategy. */
  readonly moved: readonly PyNode[];
}

/** The strategy of a group; without an expression when the callers create it. */
interface CreatedStrategy {
  readonly tensorflow: TensorFlowName;
  readonly strategy: string;
  readonly expression: StrategyExpression | undefined;
}

function planStrategy(
  module: PythonModule,
  group: WrapGroup,
  original: readonly FlatStatement[],
  before: PyNode,
  { built, usedNames, context: { project, target } }: GroupContext,
): CreatedStrategy | Refusal {
  const { wraps, block, ownScope } = group;
  const tensorflow = tensorFlowName(module, before);
  if (isRefusal(tensorflow)) return tensorflow;
  if (ownScope !== undefined) return planOwnStrategy(module, group, ownScope, before, tensorflow);
  const strategy = strategyName(module, usedNames);
  if (built !== 'here') return { tensorflow, strategy, expression: undefined };
  const sites = wraps.map(({ site }) => site);
  const moved = new Set<PyNode>();
  const strategyClass = { tensorflow: tensorflow.name, target };
  const choice = strategyForWraps(module, strategyClass, sites, block, (node) => {
    const isOfHelper = functionOrModule(module, node) !== functionOrModule(module, before);
    if (isOfHelper && readsLaterNames(module, node, before)) return REFUSALS.gpusUnknownAtBuild;
    const hoisted = hoist(module, node, before, 'move');
    if (isRefusal(hoisted)) return hoisted;
    for (const statement of hoisted.moved) moved.add(statement);
    return hoisted.text;
  });
  if (isRefusal(choice)) return choice;
  const lastWrap = Math.max(...sites.map(({ statement }) => statement.start));
  const refusal = checkVisibleDevices(module, block, before.start, lastWrap, joinedConditions(choice.conditions));
  const configured = { statements: original.map(({ node }) => node), before, until: lastWrap, isFixed: isAbout(group) };
  const configuring = configuringStatements(project, module, configured);
  if (isRefusal(configuring)) return configuring;
  for (const statement of configuring) moved.add(statement);
  const expression = { choice, moved: [...moved].sort((a, b) => a.start - b.start) };
  return refusal ?? { tensorflow, strategy, expression };
}

/** Tells statements that contain a wrap, or what has to be in its scope. */
function isAbout({ wraps, scopeStatements }: WrapGroup): (statement: PyNode) => boolean {
  const all = [...scopeStatements, ...wraps.map(({ site }) => site.statement)];
  return (statement) => all.some((node) => contains(statement, node));
}

/** The strategy that the program creates: above the building, if it comes later. */
function planOwnStrategy(
  module: PythonModule,
  group: WrapGroup,
  ownScope: OwnScope,
  before: PyNode,
  tensorflow: TensorFlowName,
): CreatedStrategy | Refusal {
  const { created } = ownScope;
  const isLater = outsideOwnScope(group).scopeStatements.size > 0 && created.end > before.start;
  if (isLater && !canCreateBefore(module, ownScope, before)) return REFUSALS.ownStrategyLater;
  const refusal = isLater
    ? checkVisibleDevices(module, group.block, before.start, created.start, undefined)
    : undefined;
  const expression = { choice: undefined, moved: isLater ? [created] : [] };
  return refusal ?? { tensorflow, strategy: '', expression };
}

/** The group without the statements that are inside the scope already. */
function outsideOwnScope(group: WrapGroup): WrapGroup {
  const { ownScope, scopeStatements } = group;
  if (ownScope === undefined) return group;
  return { ...group, scopeStatements: new Set([...scopeStatements].filter((node) => !isInOwnScope(ownScope, node))) };
}

/** Removes the program's own scope when nothing is left in it. */
function leaveOwnScope(editor: LineEditor, { statement }: OwnScope, removedStatements: Set<PyNode>): void {
  const body = childByField(statement, 'body');
  if (body === undefined || !statementsOf(body).every((node) => removedStatements.has(node))) return;
  editor.deleteStatement(statement);
  removedStatements.add(statement);
}

function insertStrategy(
  module: PythonModule,
  editor: LineEditor,
  first: FlatStatement,
  { tensorflow, strategy, expression }: CreatedStrategy,
): Refusal | undefined {
  if (expression === undefined) return undefined;
  const line = firstLineOf(module, first);
  if (tensorflow.importLine !== undefined && expression.choice !== undefined)
    editor.insertBefore(line, tensorflow.importLine);
  for (const statement of expression.moved) {
    const refusal = moveUp(module, editor, statement, line);
    if (refusal !== undefined) return refusal;
  }
  if (expression.choice === undefined) return undefined;
  for (const text of assignmentLines(module.source, line, strategy, expression.choice, tensorflow.name))
    editor.insertBefore(line, text);
  return undefined;
}

function moveUp(module: PythonModule, editor: LineEditor, statement: PyNode, line: number): Refusal | undefined {
  const { source } = module;
  if (!ownsItsLines(source, statement)) return REFUSALS.sharedLine;
  const from = source.lineAt(statement.start);
  const to = source.lineAt(statement.end);
  for (let current = from; current <= to; current++) {
    const text = source.lineText(current);
    editor.insertBefore(line, text.trim() === '' ? '' : text.slice(source.indentation(from).length));
  }
  editor.deleteLines(from, to);
  return undefined;
}

function scopeOf({ wraps, ownScope }: WrapGroup, strategy: string, { built }: GroupContext): string {
  if (ownScope !== undefined) return ownScope.scope;
  return built === 'by-callers'
    ? `${wraps[0]?.template?.text ?? strategy}.distribute_strategy.scope()`
    : `${strategy}.scope()`;
}

function placeGroup(
  module: PythonModule,
  editor: LineEditor,
  { wraps, aliases, models, relatives }: WrapGroup,
  { statements, mustBeInside }: Arrangement,
  removesDevice: (statement: PyNode) => boolean,
  scope: string,
): Refusal | undefined {
  const isAboutModel = (statement: PyNode): boolean =>
    wraps.some(({ site }) => contains(statement, site.statement)) ||
    aliases.some((alias) => contains(statement, alias));
  const mayStayOutside = (statement: PyNode): boolean =>
    trains(module, relatives, statement) || (!isAboutModel(statement) && belongsToOtherModel(module, statement));
  return placeScopes(module, editor, statements, {
    mustBeInside,
    mustBeOutside: (statement) =>
      trains(module, models, statement) || (!mustBeInside(statement) && mayStayOutside(statement)),
    isAboutModel,
    removesDevice,
    scope,
  });
}

function rangeOf({ scopeStatements, wraps }: WrapGroup): { readonly start: number; readonly end: number } {
  const building = [...scopeStatements];
  return {
    start: Math.min(...building.map(({ start }) => start)),
    end: Math.max(...[...building, ...wraps.map(({ site }) => site.statement)].map(({ end }) => end)),
  };
}
