/** Moves the `compile` calls of a wrapped model in other functions of the file into its scope. Collects edits. */
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';
import type { NamedModel } from '../model/named-model.js';
import type { WrapGroup } from '../model/wrap-group.js';
import type { GroupContext } from '../plans/group-context.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { enclosingFunction } from '../../analysis/statements.js';
import { definitionsReaching, sameVariable } from '../../analysis/variables.js';
import { LOADS_WEIGHTS } from '../../lifecycle/vocabulary-table.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, contains, descendants, type PyNode } from '../../syntax/node.js';
import { checkLargerModels } from '../checks/larger-models.js';
import { checkNotTrainedOutside } from '../checks/outside-training.js';
import { checkNotWrappedAgain } from '../checks/second-wrap.js';
import { isLegacyFunction } from '../find/legacy-api.js';
import { nameOf } from '../model/class-members.js';
import { isEarlierModel } from '../model/earlier-models.js';
import { methodCalls } from '../model/method-calls.js';
import { type Escape, followModel, namesInCallers } from '../model/model-flow.js';
import { passesModelOn } from '../model/passing-on.js';
import { functionOrModule } from '../model/wrap-group.js';
import { attributeOf, isTrainedInOtherFiles } from '../uses/attribute-uses.js';
import { checkReturnNotComposed } from '../uses/compiles.js';
import { onlyPredicts } from '../uses/predictions.js';

import { compilesOutsideScope, placeCompiles } from './place-compiles.js';

/** What other functions do with the model. */
interface OtherFunctions {
  /** Whether one of them compiles it. */
  readonly compile: boolean;
  /** Calls in them that load weights into it. */
  readonly weightFiles: readonly PyNode[];
}

/**
 * Moves every `compile` that the group itself does not contain.
 *
 * @param module - The file.
 * @param group - The wraps.
 * @param editor - Collects the edits.
 * @param context - What the plan knows about other files.
 * @returns The calls that load weights into the model in other functions; a refusal when nothing shows where the model
 * is compiled.
 */
export function placeReturnedCompiles(
  module: PythonModule,
  group: WrapGroup,
  editor: LineEditor,
  context: GroupContext,
): readonly PyNode[] | Refusal {
  const escapes: Escape[] = [];
  const starts = firstNames(module, group, escapes);
  const calls = group.wraps.map(({ site }) => site.call);
  const flow = followModel(module, starts, 0, calls, (mention, variable) =>
    isEarlierModel(module, group, mention, variable),
  );
  escapes.push(...flow.escapes);
  const isOwnFunction = (body: PyNode): boolean =>
    group.wraps.some(({ site }) => functionOrModule(module, site.statement) === body);
  const refusal =
    checkNotWrappedAgain(module, group, flow.models) ??
    checkLargerModels(
      module,
      flow.models.filter(({ body }) => !isOwnFunction(body)),
    ) ??
    checkReturned(module, escapes, context);
  if (refusal !== undefined) return refusal;
  const others = flow.models.filter(
    ({ body, variable }) => !isOwnFunction(body) || !group.models.some((model) => sameVariable(model, variable)),
  );
  const placed = placeInOtherFunctions(module, group, editor, others);
  if (isRefusal(placed)) return placed;
  const relatives = placeRelatives(module, group, editor, flow.models);
  if (relatives !== undefined) return relatives;
  if (placed.compile || group.compileCalls.length > 0) return placed.weightFiles;
  const uncompiled = checkCompiledSomewhere(module, escapes, starts, context);
  return uncompiled ?? placed.weightFiles;
}

/** Refuses a model that a function returns to another file, which builds a larger one from it. */
function checkReturned(
  module: PythonModule,
  escapes: readonly Escape[],
  { context: { project } }: GroupContext,
): Refusal | undefined {
  for (const { node } of escapes) {
    const definition = node.type === 'return_statement' ? enclosingFunction(node) : undefined;
    const refusal = definition === undefined ? undefined : checkReturnNotComposed(project, nameOf(module, definition));
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function firstNames(module: PythonModule, { wraps }: WrapGroup, escapes: Escape[]): NamedModel[] {
  const starts: NamedModel[] = [];
  for (const { site, parallel, template } of wraps) {
    const body = functionOrModule(module, site.statement);
    const variable = parallel ?? (site.form === 'returned' ? undefined : template);
    if (variable !== undefined) starts.push({ variable, body });
    if (site.form === 'returned') starts.push(...namesInCallers(module, site.statement, undefined, escapes));
  }
  return starts;
}

function placeInOtherFunctions(
  module: PythonModule,
  group: WrapGroup,
  editor: LineEditor,
  models: readonly NamedModel[],
): OtherFunctions | Refusal {
  let compile = false;
  const weightFiles: PyNode[] = [];
  for (const model of models) {
    const calls = compilesOutsideScope(module, model).filter(
      (call) => !group.compileCalls.includes(call) && !compilesOtherWrap(module, group, model, call),
    );
    if (calls.length > 0) {
      compile = true;
      const refusal = placeCompiles(module, editor, model, calls, group.models);
      if (refusal !== undefined) return refusal;
    }
    weightFiles.push(...methodCalls(module, [model.variable], model.body, LOADS_WEIGHTS));
  }
  return { compile, weightFiles };
}

/** Whether a function wraps a model of its own under the name, on every path to its `compile` call. */
function compilesOtherWrap(
  module: PythonModule,
  { wraps }: WrapGroup,
  { variable }: NamedModel,
  call: PyNode,
): boolean {
  const { statements, complete } = definitionsReaching(module, variable, call);
  return (
    complete &&
    statements.every((statement) => wraps.every(({ site }) => !contains(statement, site.call))) &&
    statements.some((statement) => [...descendants(statement)].some((node) => isWrapCall(module, node)))
  );
}

function isWrapCall(module: PythonModule, node: PyNode): boolean {
  const callee = node.type === 'call' ? childByField(node, 'function') : undefined;
  return callee !== undefined && module.origins.of(callee).some(isLegacyFunction);
}

/**
 * The original model, and models that share layers with it or are returned with it, are compiled in its scope as well.
 */
function placeRelatives(
  module: PythonModule,
  group: WrapGroup,
  editor: LineEditor,
  placed: readonly NamedModel[],
): Refusal | undefined {
  const { wraps, relatives, models, compileCalls } = group;
  const body = functionOrModule(module, wraps[0]?.site.statement);
  const start = [...models, ...relatives].map((variable) => ({ variable, body }));
  const own = [...start, ...placed];
  const calls = wraps.map(({ site }) => site.call);
  const flow = followModel(module, start, 0, calls, (mention, variable) =>
    isEarlierModel(module, group, mention, variable),
  );
  for (const model of flow.models) {
    if (own.some((known) => known.body === model.body && sameVariable(known.variable, model.variable))) continue;
    const compiles = compilesOutsideScope(module, model).filter((call) => !compileCalls.includes(call));
    const refusal = compiles.length > 0 ? placeCompiles(module, editor, model, compiles) : undefined;
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** Refuses when this file does not compile the model, and no other file is known to compile it. */
function checkCompiledSomewhere(
  module: PythonModule,
  escapes: readonly Escape[],
  starts: readonly NamedModel[],
  { context, built }: GroupContext,
): Refusal | undefined {
  const isKnown = ({ node, passed }: Escape): boolean => {
    if (passed !== undefined) return onlyPredicts(context.project, module, node, passed);
    const definition = enclosingFunction(node);
    // A model that callers build is compiled in their scope, which other files do not know.
    return (
      built !== 'by-callers' && definition !== undefined && context.isCompiledInOtherFiles(nameOf(module, definition))
    );
  };
  const unknown = escapes.find((escape) => passesModelOn(module, escape.node) && !isKnown(escape));
  if (unknown !== undefined) return refusalAt(module, REFUSALS.compiledNowhereInView, unknown.node);
  return checkNotTrainedOutside(module, starts, (attribute, owner) =>
    isTrainedInOtherFiles(context.project, attributeOf(module, owner, attribute), built !== 'in-callers-scope'),
  );
}
