/**
 * Writes the optimizers of standalone Keras 2 for TensorFlow's Keras, where some arguments are errors, some are
 * ignored, and some defaults differ. Pure.
 */
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';

import { callsIn } from '../../analysis/calls.js';
import { moduleOf } from '../../analysis/imports.js';
import { callArguments, ownsItsLines } from '../../analysis/statements.js';
import { childByField, closest, namedChildren, type PyNode } from '../../syntax/node.js';

import { OPTIMIZER_ARGUMENTS, type OptimizerArguments, WITHOUT_EFFECT } from './optimizer-arguments-table.js';

const SCHEDULE = 'InverseTimeDecay';
const SCHEDULES = 'tensorflow.keras.optimizers.schedules';

/** The edits, and the arguments that cannot be written for TensorFlow's Keras. */
export interface OptimizerRewrite {
  readonly edits: readonly TextEdit[];
  readonly lost: readonly PyNode[];
}

/** Arguments of optimizers, by name. */
interface Argument {
  readonly name: string | undefined;
  /** The whole argument. */
  readonly node: PyNode;
  readonly value: PyNode;
  /** Whether the name has to be written, because the position is another one now. */
  readonly isNamed: boolean;
}

/**
 * Rewrites the optimizers that a file creates.
 *
 * @param module - The file.
 * @param canSchedule - Whether nothing else sets or reads learning rates, so that a schedule can be one.
 */
export function rewriteOptimizers(module: PythonModule, canSchedule: () => boolean): OptimizerRewrite {
  const edits: TextEdit[] = [];
  const lost: PyNode[] = [];
  const imports = new Map<number, TextEdit>();
  for (const { call, callee, optimizer } of optimizersIn(module, /^keras\.optimizers\.(\w+)$/)) {
    if (callArguments(module.source, call).spread) continue;
    const all = argumentsOf(module, call, optimizer);
    const kept = all.filter((argument) => !hasNoEffect(module, argument));
    const decay = kept.find(({ name }) => name === 'decay');
    const schedule = decay !== undefined && canSchedule() ? scheduleFor(module, callee) : undefined;
    lost.push(
      ...kept.flatMap(({ name, node }) =>
        (name === 'decay' && schedule === undefined) || name === 'schedule_decay' ? [node] : [],
      ),
    );
    if (schedule?.importing !== undefined) imports.set(schedule.importing.start, schedule.importing);
    edits.push(...writeArguments(module, call, optimizer, all, kept, schedule?.name));
  }
  return { edits: [...edits, ...imports.values()], lost };
}

/** Arguments that an earlier run could not write for TensorFlow's Keras. */
export function lostOptimizerArguments(module: PythonModule): PyNode[] {
  return optimizersIn(module, /^tensorflow\.keras\.optimizers\.(\w+)$/).flatMap(({ call }) =>
    [...callArguments(module.source, call).keywords]
      .filter(
        ([name, value]) =>
          name.endsWith('decay') && WITHOUT_EFFECT.get(name)?.test(module.source.textOf(value)) === false,
      )
      .map(([, value]) => value.parent ?? value),
  );
}

interface OptimizerCall {
  readonly call: PyNode;
  readonly callee: PyNode;
  readonly optimizer: OptimizerArguments;
}

function optimizersIn(module: PythonModule, path: RegExp): OptimizerCall[] {
  return callsIn(module.source.root).flatMap(({ call, callee }) => {
    const name = path.exec(module.origins.single(callee) ?? '')?.[1] ?? '';
    const optimizer = OPTIMIZER_ARGUMENTS.get(name);
    return optimizer === undefined ? [] : [{ call, callee, optimizer }];
  });
}

function argumentsOf(
  module: PythonModule,
  call: PyNode,
  { parameters, samePositions }: OptimizerArguments,
): Argument[] {
  const nodes = namedChildren(childByField(call, 'arguments') ?? call).filter(({ type }) => type !== 'comment');
  return nodes.map((node, index) => {
    const keyword = node.type === 'keyword_argument' ? childByField(node, 'name') : undefined;
    const value = keyword === undefined ? node : (childByField(node, 'value') ?? node);
    const name = keyword === undefined ? parameters[index] : module.source.textOf(keyword);
    return { name, node, value, isNamed: keyword === undefined && index >= samePositions };
  });
}

function hasNoEffect({ source }: PythonModule, { name, value }: Argument): boolean {
  return WITHOUT_EFFECT.get(name ?? '')?.test(source.textOf(value)) === true;
}

/** Removes arguments, names others, adds defaults, and makes the decay a schedule. */
function writeArguments(
  { source }: PythonModule,
  call: PyNode,
  { rate, defaults }: OptimizerArguments,
  all: readonly Argument[],
  kept: readonly Argument[],
  schedule: string | undefined,
): TextEdit[] {
  const edits: TextEdit[] = [];
  const decay = schedule === undefined ? undefined : kept.find(({ name }) => name === 'decay');
  const stays = kept.filter((argument) => argument !== decay);
  all.forEach(({ node }, index) => {
    if (stays.some((argument) => argument.node === node)) return;
    const before = all.slice(0, index).some((argument) => stays.includes(argument)) ? all[index - 1] : undefined;
    const next = all[index + 1];
    edits.push(
      before === undefined
        ? { start: node.start, end: next?.node.start ?? node.end, text: '' }
        : { start: before.node.end, end: node.end, text: '' },
    );
  });
  // Behind an argument that goes, the ones that stay are at other positions.
  const firstGone = all.findIndex((argument) => !stays.includes(argument));
  for (const argument of stays) {
    const isLater = firstGone !== -1 && all.indexOf(argument) > firstGone && argument.node === argument.value;
    if ((argument.isNamed || isLater) && argument.name !== undefined)
      edits.push({ start: argument.node.start, end: argument.node.start, text: `${argument.name}=` });
  }
  const given = stays.find(({ name }) => name === 'lr' || name === 'learning_rate');
  const decayText = decay === undefined ? undefined : source.textOf(decay.value);
  const scheduled = (text: string): string =>
    decayText === undefined ? text : `${schedule ?? SCHEDULE}(${text}, decay_steps=1, decay_rate=${decayText})`;
  if (given !== undefined && decayText !== undefined)
    edits.push({ start: given.value.start, end: given.value.end, text: scheduled(source.textOf(given.value)) });
  const added = defaults.filter(
    ([name]) => stays.every((argument) => argument.name !== name) && !(name === 'learning_rate' && given !== undefined),
  );
  const rates =
    given !== undefined || decayText === undefined
      ? added
      : [['learning_rate', rate] as const, ...added.filter(([name]) => name !== 'learning_rate')];
  const texts = rates.map(([name, value]) => `${name}=${name === 'learning_rate' ? scheduled(value) : value}`);
  const end = (stays.at(-1)?.node ?? all.at(-1)?.node)?.end ?? call.end - 1;
  if (texts.length > 0) edits.push({ start: end, end, text: `${stays.length > 0 ? ', ' : ''}${texts.join(', ')}` });
  return edits;
}

/** The text that names the schedule, and the edit that imports it. */
function scheduleFor(
  module: PythonModule,
  callee: PyNode,
): { readonly name: string; readonly importing: TextEdit | undefined } | undefined {
  const { source } = module;
  const object = callee.type === 'attribute' ? childByField(callee, 'object') : undefined;
  if (object !== undefined) return { name: `${source.textOf(object)}.schedules.${SCHEDULE}`, importing: undefined };
  const statement = importOf(module, callee);
  if (statement === undefined || !ownsItsLines(source, statement)) return undefined;
  if (module.identifiersNamed(SCHEDULE).length > 0) return undefined;
  const line = source.lineAt(statement.end);
  const start = source.lineStart(line + 1);
  const text = `${source.indentation(source.lineAt(statement.start))}from ${SCHEDULES} import ${SCHEDULE}`;
  const isLast = !source.text.slice(statement.end, start).includes('\n');
  return {
    name: SCHEDULE,
    importing: { start, end: start, text: isLast ? `${source.newline}${text}` : `${text}${source.newline}` },
  };
}

/** The statement that imports a name, also with a star. */
function importOf(module: PythonModule, name: PyNode): PyNode | undefined {
  const binding = module.scopes.bindingOf(name);
  if (binding === undefined)
    return module.scopes.starImports.find((statement) => moduleOf(module.source, statement) === 'keras.optimizers');
  const [write, ...others] = binding.writes;
  return write === undefined || others.length > 0
    ? undefined
    : closest(write.name, ({ type }) => type === 'import_from_statement');
}

/** Optimizers that a `compile` call names as a text, and whose learning rate was another one. */
export function namedOptimizers(module: PythonModule): readonly { readonly node: PyNode; readonly message: string }[] {
  return callsIn(module.source.root).flatMap(({ call, callee }) => {
    const member = childByField(callee, 'attribute');
    if (member === undefined || module.source.textOf(member) !== 'compile') return [];
    const { positional, keywords } = callArguments(module.source, call);
    const value = keywords.get('optimizer') ?? positional[0];
    const text =
      value?.type === 'string'
        ? module.source
            .textOf(value)
            .replaceAll(/^['"]|['"]$/g, '')
            .toLowerCase()
        : '';
    const [name, optimizer] = [...OPTIMIZER_ARGUMENTS].find(([each]) => each.toLowerCase() === text) ?? [];
    if (value === undefined || name === undefined || optimizer === undefined || optimizer.defaults.length === 0)
      return [];
    const written = optimizer.defaults.map(([parameter, each]) => `${parameter}=${each}`).join(', ');
    return [
      {
        node: value,
        message: `the default learning rate of ${name} was ${optimizer.rate} in standalone Keras and is 0.001 now: pass ${name}(${written}) instead of its name`,
      },
    ];
  });
}
