/**
 * Plans a function that receives a model as a parameter, wraps it and trains it: the callers build the model in the
 * scope of a strategy, and the function compiles it in the scope that the model remembers. Every caller has to be in
 * the file. Pure.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { GroupContext, Wrap } from '../model/wrap-group.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { enclosingFunction, statementOf } from '../../analysis/statements.js';
import { isWrite, mentionsOf, sameVariable, type Variable } from '../../analysis/variables.js';
import { LineEditor } from '../../edit/line-editor.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, closest, contains, type PyNode } from '../../syntax/node.js';
import { legacyCallIn } from '../find/wrappers.js';
import { analyzeWraps } from '../model/analyze-wraps.js';
import { type Caller, callersOf } from '../model/callers.js';
import { flattenDeviceScopes } from '../model/flatten-device-scopes.js';
import { trains } from '../model/method-calls.js';
import { followModel } from '../model/model-flow.js';
import { functionOrModule } from '../model/wrap-group.js';
import { choiceInCaller } from '../strategy/choice-in-caller.js';
import { strategyName, tensorFlowName } from '../strategy/names.js';
import { assignmentLines, type Choice } from '../strategy/strategy-choice.js';
import { compilesOutsideScope } from '../write/place-compiles.js';
import { firstLineOf, placeScopes } from '../write/place-scopes.js';
import { removeDeviceScopes } from '../write/remove-device-scopes.js';

import { type GroupPlan, planGroup } from './plan-group.js';

/**
 * Plans the function and its callers.
 *
 * @param module - The file.
 * @param wrap - The wrap in the function.
 * @param context - What the plan knows about the rest of the file and the project.
 * @param importedByOtherFiles - Whether other files import a name from this one, so that they may call the function.
 * @returns Undefined when the model is not a parameter of a top-level function, or when some caller may be out of view;
 *   a refusal when a caller does not show how it builds the model.
 */
export function planParameter(
  module: PythonModule,
  wrap: Wrap,
  context: GroupContext,
  importedByOtherFiles: (name: string) => boolean,
): GroupPlan | Refusal | undefined {
  const { site, template } = wrap;
  const definition = enclosingFunction(site.call);
  const name = definition === undefined ? undefined : childByField(definition, 'name');
  const body = definition === undefined ? undefined : childByField(definition, 'body');
  if (
    definition?.parent !== module.source.root ||
    name === undefined ||
    body === undefined ||
    template === undefined ||
    template.text.includes('.')
  )
    return undefined;
  const callers = callersOf(module, definition, name, template.text);
  const [first] = callers;
  if (first === undefined || importedByOtherFiles(module.source.textOf(name))) return undefined;
  const refusal = checkCallers(module, callers, first, definition);
  if (refusal !== undefined) return refusal;
  const inside = planGroup(module, [wrap], context);
  if (isRefusal(inside)) return inside;
  const choose = (before: PyNode): Choice | Refusal => commonChoice(module, wrap, body, callers, before);
  const outside = planCaller(module, wrap, first, choose, context.usedNames);
  if (isRefusal(outside)) return outside;
  return { ...outside, edits: [...inside.edits, ...outside.edits], weightFiles: inside.weightFiles };
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
  before: PyNode,
): Choice | Refusal {
  let common: Choice | undefined;
  const choices: Choice[] = [];
  for (const caller of callers) {
    const choice = choiceInCaller(module, site, body, caller.arguments, before);
    if (isRefusal(choice)) return choice;
    common ??= choice;
    choices.push(choice);
  }
  const isCommon = ({ value, condition }: Choice): boolean => value === common?.value && condition === common.condition;
  return common !== undefined && choices.every(isCommon) ? common : REFUSALS.callersUseDifferentGpus;
}

/** Plans the function that builds the model and passes it on. */
function planCaller(
  module: PythonModule,
  { site }: Wrap,
  { call, model, variable }: Caller,
  choose: (before: PyNode) => Choice | Refusal,
  usedNames: ReadonlySet<string>,
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
  const group = analyzeWraps(module, [{ site: own, template: variable, parallel: undefined }]);
  if (isRefusal(group)) return group;
  const scopeStatements = [...group.scopeStatements];
  if (scopeStatements.some((statement) => legacyCallIn(module, statement) !== undefined))
    return REFUSALS.wrappedBeforeCall(variable.text);
  const editor = new LineEditor(module.source);
  const isInScope = (statement: PyNode): boolean => scopeStatements.some((node) => contains(statement, node));
  const statements = flattenDeviceScopes(module, group.block, isInScope);
  const first = statements.find(({ node }) => isInScope(node));
  if (first === undefined || closest(call, (node) => node === first.node) !== undefined)
    return REFUSALS.notBuiltInOwnStatement(variable.text);
  const devices = removeDeviceScopes(module, editor, group.block, isInScope);
  if (devices !== undefined) return devices;
  const strategy = strategyName(module, usedNames);
  const line = firstLineOf(module, first);
  const choice = choose(first.node);
  if (isRefusal(choice)) return choice;
  for (const text of assignmentLines(module.source, line, strategy, choice)) editor.insertBefore(line, text);
  const refusal = placeScopes(module, editor, statements, {
    mustBeInside: isInScope,
    mustBeOutside: (statement) => contains(statement, call) || trains(module, [variable], statement),
    isAboutModel: () => false,
    removesDevice: isInScope,
    scope: `${strategy}.scope()`,
  });
  if (refusal !== undefined) return refusal;
  const tensorflow = tensorFlowName(module, first.node);
  if (isRefusal(tensorflow)) return tensorflow;
  return { edits: editor.edits(), needsTensorFlow: tensorflow.missing, strategy, weightFiles: [] };
}
