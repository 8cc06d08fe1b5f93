/**
 * Plans a file that creates objects of classes which wrap models, and builds larger models from theirs: one strategy,
 * and one scope from the first of these objects to the last `compile`. Pure.
 */
import type { Choice } from '../../../lifecycle/choice.js';
import type { StrategyTarget } from '../../../options.js';
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { callsIn } from '../../analysis/calls.js';
import { assignmentOf, blockOf, commonBlock, isBlock, statementOf, statementsOf } from '../../analysis/statements.js';
import { LineEditor } from '../../edit/line-editor.js';
import { COMPILES } from '../../lifecycle/vocabulary-table.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { contains, type PyNode } from '../../syntax/node.js';
import {
  type Construction,
  constructionsIn,
  gpusArgument,
  type ProjectView,
  wrappingConstructions,
} from '../model/constructions.js';
import { isMethod } from '../model/method-calls.js';
import { scopeAround } from '../model/own-scope.js';
import { hoist } from '../strategy/hoist.js';
import { strategyCall, type StrategyClass } from '../strategy/mirrored-strategy.js';
import { strategyName } from '../strategy/names.js';
import { commonChoice } from '../strategy/strategy-for-wraps.js';
import { createStrategy, enterFrame, startOfFrame } from '../write/scope-frame.js';

import { checkNoLayerUses, checkOutsideRegion, checkRegion, firstOfRegion } from './composition-region.js';

/** The edits of a file that combines models, and what they need. */
export interface CompositionPlan {
  readonly edits: readonly TextEdit[];
  readonly needsTensorFlow: boolean;
  readonly constructions: readonly Construction[];
  /** Calls that load weights in the layout of the multi-GPU models. */
  readonly weightFiles: readonly PyNode[];
}

/** The plan, or undefined when nothing here wraps; refuses when one scope cannot contain everything. */
export function planComposition(
  module: PythonModule,
  view: ProjectView,
  target: StrategyTarget,
): CompositionPlan | Refusal | undefined {
  const { source } = module;
  const wrapping = wrappingConstructions(module, constructionsIn(module, view));
  if (isRefusal(wrapping)) return wrapping;
  if (wrapping.length === 0 || wrapping.some(({ call }) => scopeAround(module, call) !== undefined)) return undefined;
  const region = checkNoLayerUses(module) ?? regionOf(module, view, wrapping);
  if (isRefusal(region)) return region;
  const { block, statements } = region;
  const [start] = statements;
  if (start === undefined) return undefined;

  const frame = startOfFrame(module, { block, inside: [start] });
  if (isRefusal(frame)) return frame;
  const strategyClass = { tensorflow: frame.tensorflow.name, target };
  const choices = wrapping.map((construction) => choiceOf(module, construction, start, strategyClass));
  const choice = commonChoice(choices, REFUSALS.objectsUseDifferentGpus);
  if (isRefusal(choice)) return choice;
  const editor = new LineEditor(source);
  const strategy = strategyName(module);
  createStrategy(module, editor, frame, strategy, choice);
  const scope = { block, inside: statements, models: [], scope: `${strategy}.scope()` };
  const refusal = enterFrame(module, editor, scope);
  if (refusal !== undefined) return refusal;
  return {
    edits: editor.edits(),
    needsTensorFlow: frame.tensorflow.missing,
    constructions: wrapping,
    weightFiles: weightFilesOf(module, wrapping),
  };
}

/** The block, and its statements from the first object to the last `compile`. */
function regionOf(
  module: PythonModule,
  view: ProjectView,
  wrapping: readonly Construction[],
): { readonly block: PyNode; readonly statements: readonly PyNode[] } | Refusal {
  const { source } = module;
  const compiles = callsIn(source.root)
    .filter(({ callee }) => isMethod(module, callee, COMPILES) && source.textOf(callee) !== 're.compile')
    .map(({ call }) => call);
  const objects = wrapping.map(({ call }) => statementOf(call));
  const block = commonBlock([...objects, ...compiles.map(statementOf)], isBlock);
  if (
    block === undefined ||
    compiles.length === 0 ||
    objects.some((statement) => blockOf(statement) !== block || assignmentOf(statement)?.left.type !== 'identifier')
  )
    return REFUSALS.objectsCompiledElsewhere;
  const all = statementsOf(block);
  const indexOf = (node: PyNode): number => all.findIndex((statement) => contains(statement, node));
  const last = Math.max(...[...objects, ...compiles].map(indexOf));
  const firstObject = all.findIndex((statement) => statement === objects[0]);
  const statements = all.slice(firstOfRegion(module, view, all, firstObject, last), last + 1);
  const refusal = checkRegion(module, view, statements, compiles) ?? checkOutsideRegion(module, view, statements);
  return refusal ?? { block, statements };
}

function choiceOf(
  module: PythonModule,
  construction: Construction,
  start: PyNode,
  strategy: StrategyClass,
): Choice | Refusal {
  const { composed } = construction;
  const given = gpusArgument(module, construction);
  if (isRefusal(given)) return given;
  const node = given ?? composed.defaultValue;
  if (node === undefined) return REFUSALS.noGpuCountFor(composed.name);
  const hoisted =
    given === undefined ? { text: composed.module.source.textOf(node) } : hoist(module, node, start, 'inline');
  if (isRefusal(hoisted)) return hoisted;
  const { text } = hoisted;
  if (given === undefined && !/^(\d+|None)$/.test(text)) return REFUSALS.defaultUnknownHere(composed.name);
  if (!/^[\w.]+$/.test(text)) return REFUSALS.gpuCountComputedInCall;
  const value = strategyCall(given === undefined ? composed.module : module, strategy, node, text);
  const condition = composed.conditionFor(text);
  const isKnown = condition === undefined || /^\d/.test(condition);
  return { value, conditions: isKnown ? [] : [{ text: condition, holds: true }] };
}

/** The calls that load weights saved from the multi-GPU models. */
function weightFilesOf(module: PythonModule, constructions: readonly Construction[]): PyNode[] {
  const methods = constructions.map(
    ({ call, composed }) =>
      `${module.source.textOf(assignmentOf(statementOf(call))?.left ?? call)}.${composed.attribute}.load_weights`,
  );
  return callsIn(module.source.root)
    .filter(({ callee }) => methods.includes(module.source.textOf(callee)))
    .map(({ call }) => call);
}
