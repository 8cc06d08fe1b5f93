/**
 * A file that makes objects of classes that wrap models, and builds larger models out of theirs: one strategy and one scope
 * from the first of these objects to the last compile.
 */
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { ComposedClass } from '../model/composed-class.js';

import { RefusalReason } from '../../../refusal-reason.js';
import {
  assignmentOf,
  blockOf,
  callArguments,
  enclosingFunction,
  isBlock,
  statementOf,
  statementsOf,
} from '../../analysis/statements.js';
import { reachingDefinitions, variableOf } from '../../analysis/variables.js';
import { LineEditor } from '../../edit/line-editor.js';
import { childByField, closest, contains, descendants, type PyNode } from '../../syntax/node.js';
import { keras } from '../find/legacy-api.js';
import { flatten, strategyScopeOf } from '../model/flatten.js';
import { commonBlock } from '../model/wrap-group.js';
import { Refusal } from '../refusal.js';
import { mirroredStrategy } from '../strategy/devices.js';
import { hoist } from '../strategy/hoist.js';
import { strategyName, tensorFlowName } from '../strategy/names.js';
import { assignmentLines } from '../strategy/strategy-expression.js';
import { firstLineOf, placeScopes } from '../write/place-scopes.js';

/** What a callee of the file is elsewhere in the project. */
export interface ProjectView {
  readonly classOf: (callee: PyNode) => ComposedClass | undefined;
  /** Whether a callee is a class or function of the project, and whether it makes strategies of its own. */
  readonly definedAs: (callee: PyNode) => 'unknown' | 'plain' | 'wraps';
  /** The source text of the file that defines a callee, when the project has it. */
  readonly homeOf: (callee: PyNode) => string | undefined;
}

/** One object of such a class. */
export interface Construction {
  readonly call: PyNode;
  readonly composed: ComposedClass;
}

export interface CompositionPlan {
  readonly edits: readonly TextEdit[];
  readonly needsTensorFlow: boolean;
  readonly constructions: readonly Construction[];
  readonly weightFiles: readonly PyNode[];
}

/** The calls that make objects of classes that wrap. */
export function constructionsIn(module: PythonModule, { classOf }: ProjectView): Construction[] {
  return callsIn(module.source.root).flatMap(({ call, callee }) => {
    const composed = classOf(callee);
    return composed === undefined ? [] : [{ call, composed }];
  });
}

/**
 * The plan, or undefined when nothing here wraps.
 *
 * @throws Refusal when the objects and what is built of them cannot share one scope.
 */
export function planComposition(module: PythonModule, view: ProjectView): CompositionPlan | undefined {
  const { source } = module;
  const wrapping = constructionsIn(module, view).filter((construction) => mayWrap(module, construction));
  const [first] = wrapping;
  if (
    first === undefined ||
    wrapping.some(({ call }) => closest(call, (node) => strategyScopeOf(module, node) !== undefined) !== undefined)
  )
    return undefined;
  checkLayers(module);
  const compiles = callsIn(source.root)
    .filter(({ callee }) => isMember(module, callee, /^compile$/) && source.textOf(callee) !== 're.compile')
    .map(({ call }) => call);
  const objects = wrapping.map(({ call }) => statementOf(call));
  const block = commonBlock([...objects, ...compiles.map(statementOf)], isBlock);
  const statements = block === undefined ? [] : statementsOf(block);
  if (
    block === undefined ||
    compiles.length === 0 ||
    objects.some((statement) => blockOf(statement) !== block || assignmentOf(statement)?.left.type !== 'identifier')
  ) {
    throw new Refusal(RefusalReason.CompileNotInView, 'the objects are made in one place and compiled in another');
  }
  const last = Math.max(
    ...[...objects, ...compiles].map((node) => statements.findIndex((statement) => contains(statement, node))),
  );
  const from = firstOfRegion(
    module,
    view,
    statements,
    statements.findIndex((statement) => statement === objects[0]),
    last,
  );
  const region = statements.slice(from, last + 1);
  checkRegion(module, view, region, compiles);
  checkOutside(module, view, region);
  const [start] = region;
  if (start === undefined) return undefined;

  const tensorflow = tensorFlowName(module, start);
  const choices = wrapping.map((construction) => choiceOf(module, construction, start, tensorflow.name));
  const [choice] = choices;
  if (
    choice === undefined ||
    choices.some((other) => other.value !== choice.value || other.condition !== choice.condition)
  ) {
    throw new Refusal(RefusalReason.DynamicArguments, 'the objects ask for different GPUs');
  }
  const editor = new LineEditor(source);
  const flat = flatten(module, block, () => false);
  const strategy = strategyName(module);
  const head = flat.find(({ node }) => node === start);
  const line = head === undefined ? source.lineAt(start.start) : firstLineOf(module, head);
  for (const text of assignmentLines(source, line, strategy, choice)) editor.insertBefore(line, text);
  placeScopes(module, editor, flat, {
    inside: (statement) => region.includes(statement),
    outside: () => false,
    concerns: () => false,
    dissolves: () => false,
    scope: `${strategy}.scope()`,
  });
  return {
    edits: editor.edits(),
    needsTensorFlow: tensorflow.missing,
    constructions: wrapping,
    weightFiles: weightFilesOf(module, wrapping),
  };
}

function callsIn(within: PyNode): { call: PyNode; callee: PyNode }[] {
  return [...descendants(within)].flatMap((call) => {
    const callee = call.type === 'call' ? childByField(call, 'function') : undefined;
    return callee === undefined ? [] : [{ call, callee }];
  });
}

function isMember(module: PythonModule, callee: PyNode, names: RegExp): boolean {
  const name = callee.type === 'attribute' ? childByField(callee, 'attribute') : undefined;
  return name !== undefined && names.test(module.source.textOf(name));
}

/** What the object is told about GPUs: an argument of this file, or the default of the class. */
function gpusOf(module: PythonModule, { call, composed }: Construction): PyNode | undefined {
  const { positional, keywords, spread } = callArguments(module.source, call);
  if (spread) throw new Refusal(RefusalReason.DynamicArguments, `${composed.name} is given * or ** arguments`);
  return keywords.get(composed.parameter) ?? positional[composed.position];
}

/** Not when a literal number says that it does not wrap. */
function mayWrap(module: PythonModule, construction: Construction): boolean {
  const given = gpusOf(module, construction);
  const { composed } = construction;
  const value = given === undefined ? composed.defaultValue : given;
  const text = value === undefined ? '' : (given === undefined ? composed.module : module).source.textOf(value);
  const comparison = /^\d+$/.test(text)
    ? /^(\d+) (<|<=|>|>=|==|!=) (\d+)$/.exec(composed.conditionFor(text) ?? '')
    : null;
  if (comparison === null) return true;
  const [left, operator = '', right] = [Number(comparison[1]), comparison[2], Number(comparison[3])];
  return COMPARE.get(operator)?.(left, right) ?? true;
}

const COMPARE: ReadonlyMap<string, (a: number, b: number) => boolean> = new Map([
  ['<', (a, b) => a < b],
  ['<=', (a, b) => a <= b],
  ['>', (a, b) => a > b],
  ['>=', (a, b) => a >= b],
  ['==', (a, b) => a === b],
  ['!=', (a, b) => a !== b],
]);

function choiceOf(
  module: PythonModule,
  construction: Construction,
  start: PyNode,
  tensorflow: string,
): { value: string; condition?: string; otherwise?: string } {
  const given = gpusOf(module, construction);
  const { composed } = construction;
  const node = given ?? composed.defaultValue;
  if (node === undefined)
    throw new Refusal(RefusalReason.DynamicArguments, `${composed.name} is not told how many GPUs it gets`);
  const text = given === undefined ? composed.module.source.textOf(node) : hoist(module, node, start, false).text;
  if (given === undefined && !/^(\d+|None)$/.test(text))
    throw new Refusal(
      RefusalReason.DynamicArguments,
      `the default that ${composed.name} has for its GPUs means nothing in this file`,
    );
  if (!/^[\w.]+$/.test(text))
    throw new Refusal(RefusalReason.DynamicArguments, 'the number of GPUs is computed where the object is made');
  const value = mirroredStrategy(given === undefined ? composed.module : module, tensorflow, node, text);
  const condition = composed.conditionFor(text);
  if (condition === undefined || /^\d/.test(condition)) return { value };
  return { value, condition, otherwise: `${tensorflow}.distribute.get_strategy()` };
}

/** Objects, layers and models that were made above the first wrapped one and go into the larger model are in the scope as well. */
function firstOfRegion(
  module: PythonModule,
  view: ProjectView,
  statements: readonly PyNode[],
  from: number,
  last: number,
): number {
  let first = from;
  for (let index = first; index <= last && index >= 0; index++) {
    for (const name of descendants(statements[index] as PyNode)) {
      const variable = name.type === 'identifier' && name.field !== 'attribute' ? variableOf(module, name) : undefined;
      if (variable === undefined) continue;
      for (const definition of reachingDefinitions(module, variable, name)) {
        const place = statements.findIndex((statement) => contains(statement, definition));
        if (place < 0 || place >= first || !makesPart(module, view, definition)) continue;
        first = place;
        index = first - 1;
        break;
      }
    }
  }
  return first;
}

function makesPart(module: PythonModule, view: ProjectView, definition: PyNode): boolean {
  return callsIn(definition).some(({ callee }) => {
    if (
      module.origins
        .of(callee)
        .some((origin) =>
          /^(layers|models|engine|applications|optimizers|metrics|Model|Sequential|Input)\b/.test(keras(origin) ?? ''),
        )
    )
      return true;
    const name = module.source.textOf(callee);
    if (/optimi[sz]er|\b(Adam|SGD|RMSprop|Adagrad|Nadam)\b/i.test(view.homeOf(callee) ?? '')) return true;
    return (
      view.definedAs(callee) !== 'unknown' &&
      (/(^|\.)[A-Z]\w*$/.test(name) || /model|net|generator|discriminator|critic|encoder|decoder/i.test(name))
    );
  });
}

const TRAINS =
  /^(fit|fit_generator|train_on_batch|test_on_batch|predict|predict_generator|evaluate|evaluate_generator)$/;

function checkRegion(
  module: PythonModule,
  view: ProjectView,
  region: readonly PyNode[],
  compiles: readonly PyNode[],
): void {
  for (const compile of compiles) {
    const own = region.find((statement) => contains(statement, compile));
    if (own === undefined || enclosingFunction(compile) !== enclosingFunction(own))
      throw new Refusal(
        RefusalReason.CompileNotInView,
        'a model is compiled apart from the objects that it consists of',
      );
  }
  for (const { callee } of region.flatMap(callsIn)) {
    if (isMember(module, callee, TRAINS))
      throw new Refusal(RefusalReason.EvaluationOrder, 'a model is trained before the last one is compiled');
    if (view.classOf(callee) === undefined && view.definedAs(callee) === 'wraps') {
      throw new Refusal(
        RefusalReason.AlreadyInScope,
        'what is called between building and compiling has a strategy of its own',
      );
    }
  }
}

/** @throws Refusal where a larger model may be built or compiled after the scope is over. */
function checkOutside(module: PythonModule, view: ProjectView, region: readonly PyNode[]): void {
  for (const { call, callee } of callsIn(module.source.root)) {
    if (region.some((statement) => contains(statement, call))) continue;
    const isModel = module.origins.of(callee).some((origin) => /(^|\.)(Model|Sequential)$/.test(keras(origin) ?? ''));
    if (isModel || compilesSomething(view.homeOf(callee) ?? ''))
      throw new Refusal(
        RefusalReason.CompileNotInView,
        'a larger model may be built or compiled apart from the objects that it consists of',
      );
  }
}

/** Whether a text compiles anything but a regular expression. */
export function compilesSomething(text: string): boolean {
  return /(?<!\bre)\.compile\s*\(/.test(text);
}

/** @throws Refusal where the wrapped models may be taken apart, or answer otherwise. */
function checkLayers(module: PythonModule): void {
  const names = ['layers', 'get_layer', 'predict_on_batch'].flatMap((name) => module.identifiersNamed(name));
  const isOfModel = (name: PyNode): boolean =>
    name.field === 'attribute' && module.origins.of(name.parent ?? name).length === 0;
  if (names.some(isOfModel))
    throw new Refusal(RefusalReason.MeaningChanged, 'the layers of a wrapped model are not those of the plain one');
}

/** Weights that were saved from the wrapped models. */
function weightFilesOf(module: PythonModule, constructions: readonly Construction[]): PyNode[] {
  const holders = constructions.map(
    ({ call, composed }) =>
      `${module.source.textOf(assignmentOf(statementOf(call))?.left ?? call)}.${composed.attribute}.load_weights`,
  );
  return callsIn(module.source.root)
    .filter(({ callee }) => holders.includes(module.source.textOf(callee)))
    .map(({ call }) => call);
}
