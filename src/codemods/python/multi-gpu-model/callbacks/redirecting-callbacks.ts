/**
 * Checkpoint callbacks that were written only to save the template instead of the wrapped model. Under a strategy
 * there is one model, so a plain `ModelCheckpoint` does, and the class goes.
 */
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';

import { parameterName } from '../../analysis/scopes.js';
import { callArguments, expressionOf, statementsOf } from '../../analysis/statements.js';
import { childByField, contains, namedChildren, type PyNode } from '../../syntax/node.js';

/** What `ModelCheckpoint` takes when a parameter is left out. */
const CHECKPOINT_DEFAULTS: ReadonlyMap<string, string> = new Map([
  ['monitor', "'val_loss'"],
  ['verbose', '0'],
  ['save_best_only', 'False'],
  ['save_weights_only', 'False'],
  ['mode', "'auto'"],
  ['period', '1'],
]);

/** Edits that replace the redirecting classes of a file by `ModelCheckpoint`; none where one does more. */
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
  if (
    takesModel
      ? !storesModel(module, constructor) || !/self\.\w*model\w*/.test(source.textOf(setModel))
      : !/\.layers\[-2\]/.test(source.textOf(setModel))
  )
    return [];

  const binding = module.scopes.bindingOf(name);
  const reads = (binding?.reads ?? []).filter((read) => !contains(definition, read));
  if (reads.length === 0) return [];
  const edits: TextEdit[] = [];
  for (const read of reads) {
    if (read.parent?.type !== 'call' || read.field !== 'function') return [];
    edits.push({ start: read.start, end: read.end, text: source.textOf(base) });
    if (!takesModel) continue;
    const dropped = firstArgument(module, read.parent);
    if (dropped === undefined) return [];
    edits.push(dropped);
  }
  let last = source.lineAt(definition.end) + 1;
  while (
    last < source.lineStarts.length &&
    source.lineText(last).trim() === '' &&
    source.lineStart(last) < source.text.length
  )
    last++;
  edits.push({ start: source.lineStart(source.lineAt(definition.start)), end: source.lineStart(last), text: '' });
  return edits;
}

/** `__init__(self, model, …)` that keeps the model and hands everything else on, in order, with the same defaults. */
function storesModel(module: PythonModule, constructor: PyNode): boolean {
  const { source } = module;
  const parameters = namedChildren(childByField(constructor, 'parameters') ?? constructor).slice(1);
  const [model, ...rest] = parameters;
  if (model === undefined) return false;
  const modelName = source.textOf(parameterName(model) ?? model);
  const statements = statementsOf(childByField(constructor, 'body') ?? constructor).filter(
    (statement) => expressionOf(statement)?.type !== 'string',
  );
  const stores = statements.filter((statement) =>
    new RegExp(`^self\\.\\w+\\s*=\\s*${modelName}$`).test(source.textOf(statement)),
  );
  const calls = statements.filter((statement) => /^super\([^)]*\)\.__init__\(/.test(source.textOf(statement)));
  const [call] = calls.map(expressionOf);
  if (stores.length !== 1 || call === undefined || statements.length !== 2) return false;
  const names = rest.map((parameter) => source.textOf(parameterName(parameter) ?? parameter));
  const handed = namedChildren(childByField(call, 'arguments') ?? call).map((argument) =>
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
  return sameDefaults && names.join(',') === handed.join(',');
}

function firstArgument(module: PythonModule, call: PyNode): TextEdit | undefined {
  const { positional, keywords } = callArguments(module.source, call);
  const all = namedChildren(childByField(call, 'arguments') ?? call);
  const [first] = positional;
  const model = first ?? keywords.get('model')?.parent;
  const next = model === undefined ? undefined : all[all.indexOf(model) + 1];
  return model === undefined || next === undefined ? undefined : { start: model.start, end: next.start, text: '' };
}

/** Callbacks of other modules whose names say that they expect the wrapped model. */
export const EXPECTS_WRAPPED_MODEL =
  /(Parallel|Multi_?G[Pp][Uu]|MGPU)\w*(Checkpoint|Callback|Saver)|(Checkpoint|Callback|Saver)\w*(Parallel|Multi_?G[Pp][Uu]|MGPU)/;
