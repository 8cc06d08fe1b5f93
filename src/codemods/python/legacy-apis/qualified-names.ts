/** Renames of dotted names: `tf.distribute.experimental.X(...)` to `tf.distribute.X(...)`. */
import type { PythonEntry } from '../../../catalogue/catalogue-entry.js';
import type { TextEdit } from '../../result.js';
import type { PythonModule } from '../analysis/module.js';
import type { Outcome } from './api-migration.js';

import { RefusalReason } from '../../refusal-reason.js';
import { importedNames } from '../analysis/imports.js';
import { callArguments } from '../analysis/statements.js';
import { childByField, childrenByField, type PyNode } from '../syntax/node.js';

/** Keywords that mean the same before and after, for each entry with a condition on its arguments. */
const SAME_ARGUMENTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['tf.contrib.distribute.MirroredStrategy', ['devices']],
  ['tf.distribute.experimental.MultiWorkerMirroredStrategy', ['cluster_resolver']],
  ['tf.distribute.experimental.TPUStrategy', ['tpu_cluster_resolver']],
]);

/** The edits of one use, or why not. */
export function fixQualifiedName(module: PythonModule, entry: PythonEntry, use: PyNode, to: string): Outcome {
  const call = use.parent?.type === 'call' && use.field === 'function' ? use.parent : undefined;
  const allowed = SAME_ARGUMENTS.get(entry.id);
  if (allowed !== undefined) {
    if (call === undefined) return { reason: RefusalReason.NotCalledDirectly };
    const { positional, keywords, spread } = callArguments(module.source, call);
    if (spread) return { reason: RefusalReason.DynamicArguments };
    const first = entry.id === 'tf.distribute.experimental.TPUStrategy' ? 1 : 0;
    if (positional.length > first || [...keywords.keys()].some((name) => !allowed.includes(name)))
      return { reason: RefusalReason.ConditionNotProved };
  }
  const edits = use.type === 'attribute' ? renameAttribute(module, use, to) : renameImport(module, use, to);
  return edits === undefined ? { reason: RefusalReason.ConditionNotProved } : { edits };
}

/** `tf.a.b.X`: the part between the name of TensorFlow and the end is replaced. */
function renameAttribute(module: PythonModule, use: PyNode, to: string): TextEdit[] | undefined {
  let root = use;
  while (root.type === 'attribute') root = childByField(root, 'object') ?? root.children[0] ?? root;
  const origin = module.origins.single(root)?.replace(/^tensorflow\.compat\.v[12]$/, 'tensorflow');
  if (origin !== 'tensorflow') return undefined;
  return [{ start: root.end, end: use.end, text: to.slice('tensorflow'.length) }];
}

/** `from tensorflow.distribute.experimental import X`: the module of the import is replaced, once. */
function renameImport(module: PythonModule, use: PyNode, to: string): TextEdit[] | undefined {
  const binding = module.scopes.bindingOf(use);
  const statement = binding?.writes.length === 1 ? binding.writes[0]?.site : undefined;
  if (statement?.type !== 'import_from_statement' || childrenByField(statement, 'name').length !== 1) return undefined;
  const [name] = importedNames(module.source, statement);
  const place = childByField(statement, 'module_name');
  const target = to.slice(to.lastIndexOf('.') + 1);
  if (place === undefined || name === undefined || name.member !== target || binding?.reads[0] !== use)
    return binding?.reads[0] === use ? undefined : [];
  return [{ start: place.start, end: place.end, text: to.slice(0, to.lastIndexOf('.')) }];
}
