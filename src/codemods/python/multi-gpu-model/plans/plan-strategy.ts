/** Plans the strategy of the wraps of one function: which one, its name, and what has to move above it. Pure. */
import type { Choice } from '../../../lifecycle/choice.js';
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';
import type { PyNode } from '../../syntax/node.js';
import type { FlatStatement } from '../model/flatten-device-scopes.js';
import type { WrapGroup } from '../model/wrap-group.js';
import type { Building } from './building.js';
import type { GroupContext } from './group-context.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { ownsItsLines } from '../../analysis/statements.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { configuringStatements } from '../checks/device-configuration.js';
import { checkVisibleDevices } from '../checks/visible-devices.js';
import { canCreateBefore, isInOwnScope, type OwnScope } from '../model/own-scope.js';
import { functionOrModule, isAboutGroup } from '../model/wrap-group.js';
import { hoist } from '../strategy/hoist.js';
import { strategyName, type TensorFlowName, tensorFlowName } from '../strategy/names.js';
import { assignmentLines, joinedConditions } from '../strategy/strategy-choice.js';
import { strategyForWraps } from '../strategy/strategy-for-wraps.js';
import { readsLaterNames } from '../strategy/write-for-caller.js';
import { firstLineOf } from '../write/place-scopes.js';

/** The strategy of a group of wraps. */
interface StrategyExpression {
  /** Undefined when the program creates the strategy itself. */
  readonly choice: Choice | undefined;
  /** Statements to move above the strategy. */
  readonly moved: readonly PyNode[];
}

/** The strategy of a group; without an expression when another function creates it. */
export interface CreatedStrategy {
  readonly tensorflow: TensorFlowName;
  readonly strategy: string;
  readonly expression: StrategyExpression | undefined;
}

/** What is known about a group before its strategy is chosen. */
interface AnalyzedGroup {
  readonly group: WrapGroup;
  /** The statements of its block. */
  readonly original: readonly FlatStatement[];
  readonly building: Building | undefined;
}

/** Plans the strategy; refuses when what it depends on is not known above the statement. */
export function planStrategy(
  module: PythonModule,
  { group, original, building }: AnalyzedGroup,
  before: PyNode,
  { runsInCallersScope, usedNames, context: { project, target } }: GroupContext,
): CreatedStrategy | Refusal {
  const { wraps, block, ownScope } = group;
  if (building !== undefined) {
    const names = building.frames.map(({ start }) => start.tensorflow);
    const tensorflow = names.find(({ missing }) => missing) ?? building.frames[0].start.tensorflow;
    return { tensorflow, strategy: building.strategy, expression: undefined };
  }
  const tensorflow = tensorFlowName(module, before);
  if (isRefusal(tensorflow)) return tensorflow;
  if (ownScope !== undefined) return planOwnStrategy(module, group, ownScope, before, tensorflow);
  const strategy = strategyName(module, usedNames);
  if (runsInCallersScope) return { tensorflow, strategy, expression: undefined };
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
  const isFixed = (statement: PyNode): boolean => isAboutGroup(group, statement);
  const configured = { statements: original.map(({ node }) => node), before, until: lastWrap, isFixed };
  const configuring = configuringStatements(project, module, configured);
  if (isRefusal(configuring)) return configuring;
  for (const statement of configuring) moved.add(statement);
  const expression = { choice, moved: [...moved].sort((a, b) => a.start - b.start) };
  return refusal ?? { tensorflow, strategy, expression };
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
  return refusal ?? { tensorflow, strategy: ownScope.strategy, expression };
}

/** The group without the statements that are inside the scope already. */
export function outsideOwnScope(group: WrapGroup): WrapGroup {
  const { ownScope, scopeStatements } = group;
  if (ownScope === undefined) return group;
  return { ...group, scopeStatements: new Set([...scopeStatements].filter((node) => !isInOwnScope(ownScope, node))) };
}

/** Writes the strategy above a statement. */
export function insertStrategy(
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
