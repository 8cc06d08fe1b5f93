/**
 * Removes checkpoint callbacks that only save the original model instead of the multi-GPU model. Under a strategy there
 * is one model, so `ModelCheckpoint` itself is enough. Pure.
 */
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';

import { parameterName } from '../../analysis/scopes.js';
import { callArguments, expressionOf, statementsOf } from '../../analysis/statements.js';
import { removeDefinition } from '../../edit/remove-definition.js';
import { childByField, contains, namedChildren, type PyNode } from '../../syntax/node.js';

/** The defaults of `ModelCheckpoint`. */
const CHECKPOINT_DEFAULTS: ReadonlyMap<string, string> = new Map([
  ['monitor', "'val_loss'"],
  ['verbose', '0'],
  ['save_best_only', 'False'],
  ['save_weights_only', 'False'],
  ['mode', "'auto'"],
  ['period', '1'],
]);

/** Edits that replace each redirecting class of a file by `ModelCheckpoint`; a class that does more stays. */
export function replaceRedirectingCallbacks(module: PythonModule): TextEdit[] {
  return module.source.root.children.flatMap((node) =>
    node.type === 'class_definition' ? replaceClass(module, node) : [],
  );
}

function replaceClass(module: PythonModule, definition: PyNode): TextEdit[] {
  const { source } = module;
  const [name, bases, body] = ['name', 'superclasses', 'body'].map((field) => childByField(definition, field));
  if (name === undefined || bases === undefined || body === undefined) return [];
  const [base] = namedChildren(bases);
  if (base === undefined || namedChildren(bases).length !== 1 || !/(^|\.)ModelCheckpoint$/.test(source.textOf(base)))
    return [];
  const methods = statementsOf(body).filter((statement) => expressionOf(statement)?.type !== 'string');
  const byName = new Map(methods.map((method) => [source.textOf(childByField(method, 'name') ?? method), method]));
  const setModel = byName.get('set_model');
  const constructor = byName.get('__init__');
  if (setModel === undefined || methods.length !== (constructor === undefined ? 1 : 2)) return [];
  const takesModel = constructor !== undefined;
  const attribute = takesModel ? storedModel(module, constructor) : undefined;
  const passes = (model: string): boolean =>
    new RegExp(`\\.set_model\\(\\s*(?:self\\s*,\\s*)?${model}\\s*\\)`).test(source.textOf(setModel));
  if (
    takesModel
      ? attribute === undefined || !passes(`self\\.${attribute}`)
      : !/\.layers\[-2\]/.test(source.textOf(setModel))
  )
    return [];

  const binding = module.scopes.bindingOf(name);
  const reads = (binding?.reads ?? []).filter((read) => !contains(definition, read));
  // Of two definitions, either may be the one that a call means.
  if (reads.length === 0 || binding?.writes.length !== 1) return [];
  const edits: TextEdit[] = [];
  for (const read of reads) {
    if (read.parent?.type !== 'call' || read.field !== 'function') return [];
    edits.push({ start: read.start, end: read.end, text: source.textOf(base) });
    if (!takesModel) continue;
    const removed = removeArguments(module, read.parent);
    if (removed === undefined) return [];
    edits.push(...removed);
  }
  return [...edits, removeDefinition(source, definition)];
}

/**
 * The attribute in which `__init__(self, model, …)` stores the model, if it passes everything else on, in order and
 * with the same defaults.
 */
function storedModel(module: PythonModule, constructor: PyNode): string | undefined {
  const { source } = module;
  const parameters = namedChildren(childByField(constructor, 'parameters') ?? constructor).slice(1);
  const [model, ...rest] = parameters;
  if (model === undefined) return undefined;
  const modelName = source.textOf(parameterName(model) ?? model);
  const statements = statementsOf(childByField(constructor, 'body') ?? constructor).filter(
    (statement) => expressionOf(statement)?.type !== 'string',
  );
  const stored = statements.flatMap(
    (statement) => new RegExp(`^self\\.(\\w+)\\s*=\\s*${modelName}$`).exec(source.textOf(statement))?.[1] ?? [],
  );
  const calls = statements.filter((statement) =>
    /^(super\([^)]*\)|[\w.]*ModelCheckpoint)\.__init__\(/.test(source.textOf(statement)),
  );
  const [call] = calls.map(expressionOf);
  if (stored.length !== 1 || call === undefined || statements.length !== 2) return undefined;
  const names = rest.map((parameter) => source.textOf(parameterName(parameter) ?? parameter));
  const list = namedChildren(childByField(call, 'arguments') ?? call);
  // `ModelCheckpoint.__init__(self, …)` passes the object itself.
  const passed = list.slice(list[0] !== undefined && source.textOf(list[0]) === 'self' ? 1 : 0).map((argument) =>
    source
      .textOf(argument)
      .replace(/^(\w+)\s*=\s*\1$/, '$1')
      .replace(/^\*+/, ''),
  );
  const sameDefaults = rest.every((parameter) => {
    const value = childByField(parameter, 'value');
    const name = source.textOf(parameterName(parameter) ?? parameter);
    return value === undefined || CHECKPOINT_DEFAULTS.get(name) === source.textOf(value).replaceAll('"', "'");
  });
  return sameDefaults && names.join(',') === passed.join(',') ? stored[0] : undefined;
}

/**
 * The edits that remove the model from a call, and a `period` of one epoch, which the class no longer takes; undefined
 * for another period.
 */
function removeArguments(module: PythonModule, call: PyNode): TextEdit[] | undefined {
  const { positional, keywords } = callArguments(module.source, call);
  const all = namedChildren(childByField(call, 'arguments') ?? call);
  const [first] = positional;
  const model = first ?? keywords.get('model')?.parent;
  const next = model === undefined ? undefined : all[all.indexOf(model) + 1];
  if (model === undefined || next === undefined) return undefined;
  const edits = [{ start: model.start, end: next.start, text: '' }];
  // After the model, the parameters are those of ModelCheckpoint, and the period is the seventh.
  const period = keywords.get('period')?.parent ?? positional[PERIOD_POSITION];
  if (period === undefined) return edits;
  const before = all[all.indexOf(period) - 1];
  if (before === undefined || !/^(period\s*=\s*)?1$/.test(module.source.textOf(period))) return undefined;
  return [...edits, { start: before.end, end: period.end, text: '' }];
}

const PERIOD_POSITION = 7;

/** Names of callbacks that seem to expect the multi-GPU model. */
export const EXPECTS_WRAPPED_MODEL =
  /(Parallel|Multi_?G[Pp][Uu]|MGPU)\w*(Checkpoint|Callback|Saver)|(Checkpoint|Callback|Saver)\w*(Parallel|Multi_?G[Pp][Uu]|MGPU)/;
