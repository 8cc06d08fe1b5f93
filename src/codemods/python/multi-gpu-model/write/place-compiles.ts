/**
 * `compile` calls in other functions than the one that wraps: they enter the scope of the strategy that
 * the model was built in, which the model itself knows.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { assignmentOf, enclosingClass, enclosingFunction, isBlock, statementOf } from '../../analysis/statements.js';
import { isWrite, mentionsOf, reachingDefinitions, sameVariable, type Variable } from '../../analysis/variables.js';
import { childByField, closest, contains, descendants, type PyNode } from '../../syntax/node.js';
import { checkNotComposed } from '../checks/larger-models.js';
import { isLegacyFunction } from '../find/legacy-api.js';
import { definedWrappers } from '../find/wrappers.js';
import { flatten, strategyScopeOf } from '../model/flatten.js';
import { functionBody, type GroupAnalysis } from '../model/group-analysis.js';
import { type Escape, followModel, type ModelPlace, returnedTo } from '../model/model-flow.js';
import { compileSlice, methodCalls, trains } from '../model/model-slice.js';
import { commonBlock, type GroupEnvironment } from '../model/wrap-group.js';
import { Refusal } from '../refusal.js';
import { isTrainedOutside } from '../uses/training.js';

import { placeScopes } from './place-scopes.js';

/**
 * Wraps the compiles of this file that the group itself does not reach.
 *
 * @returns Calls that load weights into the model in those functions.
 * @throws Refusal when the model leaves the view before it is compiled.
 */
export function placeReturnedCompiles(
  module: PythonModule,
  analysis: GroupAnalysis,
  editor: LineEditor,
  { compiledElsewhere, predictedBy, trainedElsewhere, inCallersScope }: GroupEnvironment,
): PyNode[] {
  const escapes: Escape[] = [];
  const starts: ModelPlace[] = [];
  for (const { site, parallel, template } of analysis.members) {
    const body = functionBody(module, site.statement);
    const variable = parallel ?? (site.form === 'returned' ? undefined : template);
    if (variable !== undefined) starts.push({ variable, body });
    if (site.form === 'returned') starts.push(...returnedTo(module, site.statement, undefined, escapes));
  }
  const flow = followModel(module, starts);
  escapes.push(...flow.escapes.filter((escape) => !analysis.members.some(({ site }) => site.call === escape.node)));
  checkNotWrappedAgain(module, analysis, flow.places);
  checkNotComposed(
    module,
    flow.places.filter(({ body }) =>
      analysis.members.every(({ site }) => functionBody(module, site.statement) !== body),
    ),
  );
  let compiled = analysis.compileCalls.length > 0;
  const weights: PyNode[] = [];
  for (const place of flow.places) {
    const ownBody = analysis.members.some(({ site }) => functionBody(module, site.statement) === place.body);
    const calls = compilesOutsideScope(module, place).filter((call) => !analysis.compileCalls.includes(call));
    if (ownBody && analysis.models.some((model) => sameVariable(model, place.variable))) continue;
    if (calls.length > 0) {
      compiled = true;
      placeCompiles(module, editor, place, calls, analysis.models);
    }
    weights.push(...methodCalls(module, [place.variable], place.body, new Set(['load_weights'])));
  }
  placeRelatives(module, analysis, editor);
  const followed = ({ node, handed }: Escape): boolean => {
    if (handed !== undefined) return predictedBy(node, handed);
    const definition = enclosingFunction(node);
    return definition !== undefined && compiledElsewhere(definition);
  };
  if (!compiled && escapes.some((escape) => leavesForGood(module, escape.node) && !followed(escape))) {
    throw new Refusal(
      RefusalReason.CompileNotInView,
      'the wrapped model is returned or handed on, and nothing in view compiles it',
    );
  }
  if (!compiled)
    checkNotTrainedOutside(module, starts, (attribute, owner) => trainedElsewhere(attribute, owner, !inCallersScope));
  return weights;
}

/** What shares layers with the model, or came with it, is compiled in its scope wherever it goes. */
function placeRelatives(
  module: PythonModule,
  { members, relatives, models, compileCalls }: GroupAnalysis,
  editor: LineEditor,
): void {
  const body = functionBody(module, members[0]?.site.statement);
  const { places } = followModel(
    module,
    relatives.map((variable) => ({ variable, body })),
  );
  for (const place of places) {
    if ([...models, ...relatives].some((model) => place.body === body && sameVariable(model, place.variable))) continue;
    const calls = compilesOutsideScope(module, place).filter((call) => !compileCalls.includes(call));
    if (calls.length > 0) placeCompiles(module, editor, place, calls);
  }
}

/** @throws Refusal when an attribute that its class does not compile is compiled or trained by others. */
function checkNotTrainedOutside(
  module: PythonModule,
  places: readonly ModelPlace[],
  trainedElsewhere: (attribute: string, owner: PyNode) => boolean,
): void {
  for (const { variable, body } of places) {
    const owner = enclosingClass(body);
    if (owner === undefined || !/^self\.\w+$/.test(variable.text)) continue;
    const attribute = variable.text.slice('self.'.length);
    if (isTrainedOutside(module, owner, attribute) || trainedElsewhere(attribute, owner)) {
      throw new Refusal(
        RefusalReason.CompileNotInView,
        `“${variable.text}” is compiled, trained or handed on from outside of its class`,
      );
    }
  }
}

/** @throws Refusal when a function that the model is handed to wraps it once more. */
function checkNotWrappedAgain(module: PythonModule, { members }: GroupAnalysis, places: readonly ModelPlace[]): void {
  const wrappers = definedWrappers(module);
  for (const { variable, body } of places) {
    if (
      members.some(({ site }) => functionBody(module, site.statement) === body) ||
      wrappers.some(({ definition }) => contains(definition, body))
    )
      continue;
    for (const mention of mentionsOf(module, variable, body)) {
      const call = closest(mention, (node) => node.type === 'call');
      const callee =
        call === undefined || closest(call, (node) => node === body) === undefined
          ? undefined
          : childByField(call, 'function');
      if (callee !== undefined && module.origins.of(callee).some(isLegacyFunction)) {
        throw new Refusal(
          RefusalReason.AlreadyInScope,
          `“${variable.text}” is wrapped again where the model is handed to`,
        );
      }
    }
  }
}

/**
 * Puts compiles into the scope that the model itself knows.
 *
 * @param models What the model is called where it is built: an attribute of that name knows the scope before a local name does.
 */
export function placeCompiles(
  module: PythonModule,
  editor: LineEditor,
  { variable, body }: ModelPlace,
  calls: readonly PyNode[],
  models: readonly Variable[] = [],
): void {
  const inside = new Set<PyNode>();
  let knows = variable.text;
  for (const call of calls) {
    inside.add(statementOf(call));
    for (const definition of reachingDefinitions(module, variable, call)) {
      for (const statement of compileSlice(module, call)) {
        if (statement.start < definition.end) {
          const attribute = attributeBehind(module, variable, call, body, models);
          if (attribute !== undefined) {
            knows = attribute;
            continue;
          }
          throw new Refusal(
            RefusalReason.CompileNotInView,
            'the optimizer is constructed before the model that it trains',
          );
        }
      }
    }
    for (const statement of compileSlice(module, call)) inside.add(statement);
  }
  const block = commonBlock([...inside], isBlock);
  if (block === undefined) return;
  const touches = (statement: PyNode): boolean => [...inside].some((node) => contains(statement, node));
  placeScopes(
    module,
    editor,
    flatten(module, block, () => false),
    {
      inside: touches,
      outside: (statement) => trains(module, [variable], statement) && body !== statement,
      concerns: () => false,
      dissolves: () => false,
      scope: `${knows}.distribute_strategy.scope()`,
    },
  );
}

/** The attribute that a local name stands for, when the function does not assign it: `m = self.model`, or one of several that are the same now. */
function attributeBehind(
  module: PythonModule,
  variable: Variable,
  call: PyNode,
  body: PyNode,
  models: readonly Variable[],
): string | undefined {
  const [template] = models;
  if (template === undefined || !template.text.startsWith('self.') || variable.text.includes('.')) return undefined;
  const texts = reachingDefinitions(module, variable, call).map((definition) =>
    module.source.textOf(assignmentOf(definition)?.right ?? definition),
  );
  const known = texts.includes(template.text) && texts.every((text) => models.some((model) => model.text === text));
  const assigned = [...descendants(body)].some(
    (node) => node.type === 'attribute' && module.source.textOf(node) === template.text && isWrite(node),
  );
  return known && !assigned ? template.text : undefined;
}

/** The compiles of a model in a function that do not stand in the scope of a strategy yet. */
export function compilesOutsideScope(module: PythonModule, { variable, body }: ModelPlace): PyNode[] {
  return methodCalls(module, [variable], body, new Set(['compile'])).filter(
    (call) =>
      functionBody(module, call) === body &&
      closest(call, (node) => strategyScopeOf(module, node) !== undefined) === undefined,
  );
}

/** Whether a place hands a model on; printing or plotting it does not. */
export function leavesForGood(module: PythonModule, escape: PyNode): boolean {
  if (escape.type === 'return_statement') return true;
  const text = module.source.textOf(escape.children[0] ?? escape);
  return !/^(print|len|str|type|isinstance|plot_model|K\.|save_model|id|repr|set|list|getattr|hasattr)|plot_model$|Checkpoint|Callback|callbacks?\.|Cbk/.test(
    text,
  );
}
