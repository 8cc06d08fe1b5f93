/**
 * A function that takes the model as a parameter, wraps and trains it: its callers build in the scope of a strategy, and
 * the function compiles in the scope that the model knows. All callers have to be in the file.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { GroupEnvironment, GroupMember } from '../model/wrap-group.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { isPure } from '../../analysis/purity.js';
import { parameterName } from '../../analysis/scopes.js';
import { callArguments, enclosingFunction, statementOf, statementsOf } from '../../analysis/statements.js';
import { isWrite, mentionsOf, sameVariable, type Variable, variableOf } from '../../analysis/variables.js';
import { LineEditor } from '../../edit/line-editor.js';
import { childByField, closest, contains, descendants, namedChildren, type PyNode } from '../../syntax/node.js';
import { legacyCallIn } from '../find/wrappers.js';
import { flatten } from '../model/flatten.js';
import { analyseGroup, functionBody } from '../model/group-analysis.js';
import { followModel } from '../model/model-flow.js';
import { trains } from '../model/model-slice.js';
import { Refusal } from '../refusal.js';
import { mirroredStrategy } from '../strategy/devices.js';
import { hoist } from '../strategy/hoist.js';
import { strategyName, tensorFlowName } from '../strategy/names.js';
import { assignmentLines, type Choice, conditionsTo } from '../strategy/strategy-expression.js';
import { compilesOutsideScope } from '../write/place-compiles.js';
import { firstLineOf, placeScopes } from '../write/place-scopes.js';

import { dissolveDevices, type GroupPlan, planGroup } from './plan-group.js';

/** One call of the function, with what it hands in. */
interface Caller {
  readonly call: PyNode;
  readonly model: PyNode;
  readonly variable: Variable;
  readonly arguments: ReadonlyMap<string, PyNode>;
}

/**
 * The plan, or undefined where the model is no parameter of a function of the module.
 *
 * @throws Refusal when a caller is out of view or does not build the model where it can be seen.
 */
export function planParameter(
  module: PythonModule,
  member: GroupMember,
  environment: GroupEnvironment,
  passedOn: (name: string) => boolean,
): GroupPlan | undefined {
  const { site, template } = member;
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
  if (first === undefined || passedOn(module.source.textOf(name))) return undefined;
  const place = functionBody(module, first.call);
  if (
    callers.some(
      ({ call, variable }) => functionBody(module, call) !== place || !sameVariable(variable, first.variable),
    )
  ) {
    throw new Refusal(RefusalReason.CallersNotInView, 'the callers hand in models of several places');
  }
  if (mentionsOf(module, first.variable, place).some((mention) => mention.start > first.call.end && isWrite(mention))) {
    throw new Refusal(RefusalReason.CallersNotInView, `“${first.variable.text}” is another model at a later call`);
  }
  checkOtherCompiles(module, first.variable, place, definition);
  const inside = planGroup(module, [member], environment);
  const outside = planCaller(
    module,
    member,
    first,
    (before) => {
      const [choice, ...others] = callers.map((caller) => choiceAt(module, member, body, caller, before));
      if (
        choice === undefined ||
        others.some((other) => other.value !== choice.value || other.condition !== choice.condition)
      ) {
        throw new Refusal(RefusalReason.DynamicArguments, 'the callers ask for different GPUs');
      }
      return choice;
    },
    environment.taken,
  );
  return { ...outside, edits: [...inside.edits, ...outside.edits], weightFiles: inside.weightFiles };
}

/** All calls of a function; none when it is used in another way. */
function callersOf(module: PythonModule, definition: PyNode, name: PyNode, parameter: string): Caller[] {
  const { source } = module;
  const binding = module.scopes.bindingOf(name);
  if (binding === undefined || binding.writes.length !== 1) return [];
  const parameters = namedChildren(childByField(definition, 'parameters') ?? definition);
  const names = parameters.map(parameterName).map((node) => (node === undefined ? '' : source.textOf(node)));
  if (parameters.some(({ type }) => /splat/.test(type))) return [];
  const callers = binding.reads.map((read): Caller | undefined => {
    const call = read.parent?.type === 'call' && read.field === 'function' ? read.parent : undefined;
    const given = call === undefined ? undefined : callArguments(source, call);
    if (call === undefined || given === undefined || given.spread || contains(definition, call)) return undefined;
    const values = new Map(given.keywords);
    given.positional.forEach((value, index) => values.set(names[index] ?? '', value));
    for (const node of parameters) {
      const own = childByField(node, 'name');
      const value = childByField(node, 'value');
      if (own !== undefined && value !== undefined && !values.has(source.textOf(own)))
        values.set(source.textOf(own), value);
    }
    const model = values.get(parameter);
    const variable = model?.type === 'identifier' ? variableOf(module, model) : undefined;
    return model === undefined || variable === undefined ? undefined : { call, model, variable, arguments: values };
  });
  return callers.every((caller) => caller !== undefined) ? callers : [];
}

/** @throws Refusal when a further function compiles the model. */
function checkOtherCompiles(module: PythonModule, variable: Variable, body: PyNode, definition: PyNode): void {
  for (const place of followModel(module, [{ variable, body }]).places) {
    if (place.body !== body && place.body !== definition && compilesOutsideScope(module, place).length > 0) {
      throw new Refusal(RefusalReason.CompileNotInView, 'several functions compile the model');
    }
  }
}

/** What the function asks about the GPUs, in the words of a caller, as it reads where the caller builds the model. */
function choiceAt(module: PythonModule, { site }: GroupMember, body: PyNode, caller: Caller, before: PyNode): Choice {
  const [entry] = statementsOf(body);
  const refusal = new Refusal(
    RefusalReason.EvaluationOrder,
    'what decides about the GPUs is not known where the model is built',
  );
  const translate = (node: PyNode): string => {
    if (entry === undefined || !isPure(module, node)) throw refusal;
    let { text } = hoist(module, node, entry, false);
    for (const name of new Set([...descendants(node)].flatMap((part) => freeName(module, part)))) {
      const binding = module.scopes.module.bindings.get(name);
      const isParameter = caller.arguments.has(name);
      if (
        !isParameter &&
        binding !== undefined &&
        (binding.writes.length !== 1 || binding.writes.some((write) => write.name.start > before.start))
      )
        throw refusal;
    }
    for (const [name, value] of caller.arguments) {
      const mentioned = new RegExp(`(?<![\\w.'"])${name}\\b`, 'g');
      if (!mentioned.test(text)) continue;
      if (!isPure(module, value) || new RegExp(`(['"]).*\\b${name}\\b.*\\1`).test(text)) throw refusal;
      const given = hoist(module, value, before, false).text;
      text = text.replaceAll(mentioned, () => (/^[\w.]+$/.test(given) ? given : `(${given})`));
    }
    return text;
  };
  const conditions = conditionsTo(site, body);
  const tensorflow = tensorFlowName(module, before).name;
  const value = mirroredStrategy(module, tensorflow, site.gpus, site.gpus === undefined ? '' : translate(site.gpus));
  const condition = conditions.translated(translate);
  return condition === undefined
    ? { value }
    : { value, condition, otherwise: `${tensorflow}.distribute.get_strategy()` };
}

function freeName(module: PythonModule, node: PyNode): string[] {
  const isName =
    node.type === 'identifier' &&
    !(node.field === 'attribute' && node.parent?.type === 'attribute') &&
    node.field !== 'name';
  return isName ? [module.source.textOf(node)] : [];
}

function planCaller(
  module: PythonModule,
  { site }: GroupMember,
  caller: Caller,
  choose: (before: PyNode) => Choice,
  taken: ReadonlySet<string>,
): GroupPlan {
  const { call, model, variable } = caller;
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
  const analysis = analyseGroup(module, [{ site: own, template: variable, parallel: undefined }]);
  if ([...analysis.inside].some((statement) => legacyCallIn(module, statement) !== undefined)) {
    throw new Refusal(
      RefusalReason.AlreadyInScope,
      `“${variable.text}” is wrapped already where the function is called`,
    );
  }
  const editor = new LineEditor(module.source);
  const dissolves = (statement: PyNode): boolean => [...analysis.inside].some((node) => contains(statement, node));
  const statements = flatten(module, analysis.block, dissolves);
  const first = statements.find(({ node }) => dissolves(node));
  if (first === undefined || closest(call, (node) => node === first.node) !== undefined) {
    throw new Refusal(RefusalReason.ModelNotInView, `“${variable.text}” is not built in a statement of its own`);
  }
  dissolveDevices(module, editor, analysis.block, dissolves);
  const strategy = strategyName(module, taken);
  const line = firstLineOf(module, first);
  for (const text of assignmentLines(module.source, line, strategy, choose(first.node)))
    editor.insertBefore(line, text);
  placeScopes(module, editor, statements, {
    inside: dissolves,
    outside: (statement) => contains(statement, call) || trains(module, [variable], statement),
    concerns: () => false,
    dissolves,
    scope: `${strategy}.scope()`,
  });
  return {
    edits: editor.edits(),
    needsTensorFlow: tensorFlowName(module, first.node).missing,
    strategy,
    weightFiles: [],
  };
}
