/** Plans the wraps of one function: creates the strategy, enters its scope, tidies branches and merges names. Pure. */
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { Variable } from '../../analysis/variables.js';
import type { PyNode } from '../../syntax/node.js';
import type { ModelUses } from '../checks/layer-uses.js';
import type { BuiltByCallers, BuiltInMethod } from '../model/build-place.js';
import type { Wrap, WrapGroup } from '../model/wrap-group.js';
import type { GroupContext } from './group-context.js';
import type { RangeInFunction } from './text-range.js';

import { assess } from '../../../lifecycle/assess.js';
import { isRefusal, type Refusal } from '../../../refusal.js';
import { LineEditor } from '../../edit/line-editor.js';
import { definitionsInProject, originsThroughProject } from '../../project/follow-name.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, closest, contains } from '../../syntax/node.js';
import { replaceLibraryCallback } from '../callbacks/library-callbacks.js';
import { checkProjectCallback } from '../callbacks/project-callbacks.js';
import { checkModelUses } from '../checks/model-uses.js';
import { RULES } from '../checks/rules-table.js';
import { analyzeWraps } from '../model/analyze-wraps.js';
import { flattenDeviceScopes } from '../model/flatten-device-scopes.js';
import { type Lifecycle, readLifecycle } from '../model/lifecycle.js';
import { trains } from '../model/method-calls.js';
import { belongsToOtherModel } from '../model/other-models.js';
import { functionOrModule, isAboutGroup } from '../model/wrap-group.js';
import { tensorFlowName } from '../strategy/names.js';
import { isFirstOfEmptiedBlock } from '../write/import-edits.js';
import { mergeNames, type NameMerge } from '../write/merge-names.js';
import { placeOtherCompiles } from '../write/place-other-compiles.js';
import { type Placement, placeScopes } from '../write/place-scopes.js';
import { removeDeviceScopes } from '../write/remove-device-scopes.js';
import { renameMerged, replaceWrap } from '../write/replace-wraps.js';
import { createLate, createStrategy, enterFrame } from '../write/scope-frame.js';
import { fillBlock, fillEmptiedBlocks } from '../write/tidy-branches.js';

import { type Arrangement, arrangeStatements, leavesEmptiedScope } from './arrange-statements.js';
import { type Building, rangesOf, readBuilding, runsBuilding, scopeIn } from './building.js';
import { insertStrategy, outsideOwnScope, planStrategy } from './plan-strategy.js';

/** The edits for one group of wraps, and what they need. */
export interface GroupPlan {
  readonly edits: readonly TextEdit[];
  /** Whether the file has to import TensorFlow. */
  readonly needsTensorFlow: boolean;
  /** From the first statement that builds to the last one that compiles, when the group has a strategy. */
  readonly range?: RangeInFunction;
  /** The same in the functions that build the models, if others do. */
  readonly building?: readonly RangeInFunction[];
  /** The name of the strategy; undefined when the group creates none. */
  readonly strategy: string | undefined;
  /** Calls that read or write weights in the layout of the multi-GPU model. */
  readonly weightFiles: readonly PyNode[];
}

/** Plans one group; refuses when any of its wraps cannot be migrated completely. */
export function planGroup(
  module: PythonModule,
  wraps: readonly Wrap[],
  context: GroupContext,
  place?: BuiltInMethod | BuiltByCallers,
): GroupPlan | Refusal {
  const [wrap] = wraps;
  const building = place === undefined || wrap === undefined ? undefined : readBuilding(module, wrap, place, context);
  if (isRefusal(building)) return building;
  const group = analyzeWraps(context.context.project, module, wraps, { isBuiltElsewhere: building !== undefined });
  if (isRefusal(group)) return group;
  const merges = wraps.map((wrap) => mergeNames(group, wrap));
  const life = readLifecycle(module, group, context, building);
  const uses = usesOf(life, merges);
  if (isRefusal(uses)) return uses;
  const objection = assess(life, RULES);
  if (objection !== undefined) return objection;

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

  const removesDevice = (statement: PyNode): boolean => isAboutGroup(group, statement);
  const original = flattenDeviceScopes(module, group.block, removesDevice);
  const devices = removeDeviceScopes(module, editor, group.block, removesDevice);
  if (devices !== undefined) return devices;
  const outside = outsideOwnScope(group);
  const first =
    original.find(({ node }) => [...outside.scopeStatements].some((statement) => contains(node, statement))) ??
    (building !== undefined || group.ownScope !== undefined ? original[0] : undefined);
  if (first === undefined) return REFUSALS.noBuildingStatement;

  const created = planStrategy(module, { group, original, building }, first.node, context);
  if (isRefusal(created)) return created;
  const { tensorflow, strategy, expression } = created;
  const movedUp = new Set(expression?.moved);
  const ownScope = group.ownScope?.statement;
  if (ownScope !== undefined) leavesEmptiedScope(module, editor, ownScope, group, removedStatements);
  const arranged = arrangeStatements(module, editor, {
    group: outside,
    original: original.filter(({ node }) => !movedUp.has(node)),
    merges,
    removesDevice,
    removedStatements,
    strategy,
  });
  if (isRefusal(arranged)) return arranged;
  const { block } = group;
  if (block.type === 'block' && arranged.statements.length === 0) fillBlock(module, editor, block);
  else fillEmptiedBlocks(module, editor, block, arranged.removedStatements, context.removedImports);
  const refusal =
    insertStrategy(module, editor, first, created) ??
    (context.runsInCallersScope
      ? undefined
      : placeGroup(module, editor, outside, arranged, {
          removesDevice,
          scope: scopeOf(module, group, strategy, building),
          runsBuilding: (statement) => runsBuilding(building, statement),
        }));
  if (refusal !== undefined) return refusal;
  createLate(module, editor, group.late);
  const elsewhere =
    placeOtherCompiles(editor, life) ?? (building === undefined ? undefined : writeBuilding(module, editor, building));
  if (elsewhere !== undefined) return elsewhere;
  return {
    edits: editor.edits(),
    needsTensorFlow: (building !== undefined || expression?.choice !== undefined) && tensorflow.missing,
    strategy: building === undefined && expression?.choice === undefined ? undefined : strategy,
    ...(building === undefined ? { range: rangeOf(module, group) } : { building: rangesOf(building) }),
    weightFiles: [...uses.weightFiles, ...life.weightFiles],
  };
}

function usesOf(life: Lifecycle, merges: readonly NameMerge[]): ModelUses | Refusal {
  const { module } = life;
  return checkModelUses(life, (call) => {
    const [only, ...others] = merges;
    const model = only === undefined || others.length > 0 ? undefined : stableName(only);
    const callee = childByField(call, 'function');
    if (callee === undefined) return [];
    const tensorflow = tensorFlowName(module, call);
    if (isRefusal(tensorflow)) return tensorflow;
    const { project } = life.context.context;
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

/** Creates the strategy where another function builds the model, and enters its scope there. */
function writeBuilding(module: PythonModule, editor: LineEditor, building: Building): Refusal | undefined {
  const { frames, strategy } = building;
  for (const { start, choice, frame } of frames) {
    createStrategy(module, editor, start, strategy, choice);
    const refusal = enterFrame(module, editor, { ...frame, scope: `${strategy}.scope()` });
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function scopeOf(
  module: PythonModule,
  { wraps, ownScope }: WrapGroup,
  strategy: string,
  building: Building | undefined,
): string {
  const [wrap] = wraps;
  if (ownScope !== undefined) return ownScope.scope;
  if (building === undefined || wrap === undefined) return `${strategy}.scope()`;
  const known = scopeIn(building, functionOrModule(module, wrap.site.statement));
  return known ?? `${wrap.template?.text ?? strategy}.distribute_strategy.scope()`;
}

function placeGroup(
  module: PythonModule,
  editor: LineEditor,
  { wraps, aliases, models, relatives }: WrapGroup,
  { statements, mustBeInside }: Arrangement,
  {
    runsBuilding,
    ...placement
  }: Pick<Placement, 'removesDevice' | 'scope'> & { readonly runsBuilding: (statement: PyNode) => boolean },
): Refusal | undefined {
  const isAboutModel = (statement: PyNode): boolean =>
    wraps.some(({ site }) => contains(statement, site.statement)) ||
    aliases.some((alias) => contains(statement, alias));
  const mayStayOutside = (statement: PyNode): boolean =>
    trains(module, relatives, statement) || (!isAboutModel(statement) && belongsToOtherModel(module, statement));
  return placeScopes(module, editor, statements, {
    mustBeInside,
    mustBeOutside: (statement) =>
      runsBuilding(statement) ||
      trains(module, models, statement) ||
      (!mustBeInside(statement) && mayStayOutside(statement)),
    isAboutModel,
    ...placement,
  });
}

function rangeOf(module: PythonModule, { block, scopeStatements, wraps }: WrapGroup): RangeInFunction {
  const building = [...scopeStatements];
  return {
    body: functionOrModule(module, block),
    start: Math.min(...building.map(({ start }) => start)),
    end: Math.max(...[...building, ...wraps.map(({ site }) => site.statement)].map(({ end }) => end)),
  };
}
