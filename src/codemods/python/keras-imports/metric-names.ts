/**
 * Writes `accuracy` for `acc`: until Keras 2.3, `metrics=['accuracy']` had the shorter name in logs and callbacks, and
 * TensorFlow's Keras calls a metric what the program calls it. Pure.
 */
import type { TextEdit } from '../../result.js';
import type { PythonModule } from '../analysis/module.js';
import type { PythonProject } from '../project/python-project.js';

import { callArguments } from '../analysis/statements.js';
import { childByField, type PyNode } from '../syntax/node.js';

const NAME = /^(['"])((?:val_)?)acc\1$/;

/** The name in a template of a file name: `{val_acc:.4f}`. */
const FIELD = /\{((?:val_)?)acc(?=[:}])/g;

/** A metric that a program itself calls `acc` keeps the name. */
const NAMED_ACC = /metrics\s*=\s*[[{(][^\])}]*['"]acc['"]/;

const NAMED_ACCURACY = /['"]accuracy['"]/;

/** How many arguments come before the name of what a callback watches. */
const MONITORS: ReadonlyMap<string, number> = new Map([
  ['EarlyStopping', 0],
  ['ReduceLROnPlateau', 0],
  ['ModelCheckpoint', 1],
]);

/** The edits of a file that reads the metric. */
export function renameAccuracy(project: PythonProject | undefined, module: PythonModule): TextEdit[] {
  const { source } = module;
  if (!/acc['":}]/.test(source.text)) return [];
  const others = project === undefined ? [] : [...project.index.connectedTo(source.path)];
  const texts = [source.text, ...others.map((path) => project?.text(path) ?? '')];
  if (texts.some((text) => NAMED_ACC.test(text)) || !texts.some((text) => NAMED_ACCURACY.test(text))) return [];
  return source.nodes.flatMap((node) => {
    if (node.type !== 'string') return [];
    const text = source.textOf(node);
    const [, quote = '', prefix = ''] = NAME.exec(text) ?? [];
    if (quote !== '' && readsMetric(module, node))
      return [{ start: node.start, end: node.end, text: `${quote}${prefix}accuracy${quote}` }];
    if (/^[fFbB]/.test(text)) return [];
    return [...text.matchAll(FIELD)].map((match) => {
      const start = node.start + match.index + 1 + (match[1] ?? '').length;
      return { start, end: start + 'acc'.length, text: 'accuracy' };
    });
  });
}

/** Whether a name is that of a metric: a callback watches it, or it is looked up in logs or in a history. */
function readsMetric(module: PythonModule, node: PyNode): boolean {
  const { source } = module;
  const { parent } = node;
  if (parent?.type === 'subscript')
    return /(^|\.)(logs|history)$/.test(source.textOf(childByField(parent, 'value') ?? node));
  if (parent?.type === 'keyword_argument') return source.textOf(childByField(parent, 'name') ?? node) === 'monitor';
  const call = parent?.type === 'argument_list' ? parent.parent : undefined;
  const callee = call?.type === 'call' ? childByField(call, 'function') : undefined;
  if (call === undefined || callee === undefined) return false;
  if (/(^|\.)logs\.get$/.test(source.textOf(callee))) return true;
  const origin = module.origins.single(callee) ?? '';
  const position = /^keras\.callbacks\.\w+$/.test(origin)
    ? MONITORS.get(origin.slice('keras.callbacks.'.length))
    : undefined;
  return position !== undefined && callArguments(source, call).positional[position] === node;
}
