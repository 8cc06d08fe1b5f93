/** Replaces a dotted name: `tf.distribute.experimental.X(...)` becomes `tf.distribute.X(...)`. Pure. */
import type { AllowedArguments } from '../../../../catalogue/catalogue-entry.js';
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { FixOf, FixResult } from '../legacy-use.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { importedNames } from '../../analysis/imports.js';
import { callArguments } from '../../analysis/statements.js';
import { childByField, childrenByField, type PyNode } from '../../syntax/node.js';

/** The edits of one use, or the reason to leave it untouched. */
export function renameName(module: PythonModule, use: PyNode, { to, onlyWith }: FixOf<'rename-name'>): FixResult {
  const obstacle = onlyWith === undefined ? undefined : argumentObstacle(module, use, onlyWith);
  if (obstacle !== undefined) return { reason: obstacle };
  const edits = use.type === 'attribute' ? renameAttribute(module, use, to) : renameImport(module, use, to);
  return edits === undefined ? { reason: RefusalReason.ConditionNotProved } : { edits };
}

function argumentObstacle(module: PythonModule, use: PyNode, allowed: AllowedArguments): RefusalReason | undefined {
  const call = use.parent?.type === 'call' && use.field === 'function' ? use.parent : undefined;
  if (call === undefined) return RefusalReason.NotCalledDirectly;
  const { positional, keywords, spread } = callArguments(module.source, call);
  if (spread) return RefusalReason.DynamicArguments;
  const isAllowed =
    positional.length <= allowed.positional && [...keywords.keys()].every((name) => allowed.keywords.includes(name));
  return isAllowed ? undefined : RefusalReason.ConditionNotProved;
}

/** `tf.a.b.X`: replaces what follows the name of TensorFlow. */
function renameAttribute(module: PythonModule, use: PyNode, to: string): TextEdit[] | undefined {
  let root = use;
  while (root.type === 'attribute') root = childByField(root, 'object') ?? root.children[0] ?? root;
  const origin = module.origins.single(root)?.replace(/^tensorflow\.compat\.v[12]$/, 'tensorflow');
  if (origin !== 'tensorflow') return undefined;
  return [{ start: root.end, end: use.end, text: to.slice('tensorflow'.length) }];
}

/** `from tensorflow.distribute.experimental import X`: replaces the module of the import, at the first use. */
function renameImport(module: PythonModule, use: PyNode, to: string): TextEdit[] | undefined {
  const binding = module.scopes.bindingOf(use);
  const statement = binding?.writes.length === 1 ? binding.writes[0]?.site : undefined;
  if (statement?.type !== 'import_from_statement' || childrenByField(statement, 'name').length !== 1) return undefined;
  if (binding?.reads[0] !== use) return [];
  const [name] = importedNames(module.source, statement);
  const importedModule = childByField(statement, 'module_name');
  const target = to.slice(to.lastIndexOf('.') + 1);
  if (importedModule === undefined || name?.member !== target) return undefined;
  return [{ start: importedModule.start, end: importedModule.end, text: to.slice(0, to.lastIndexOf('.')) }];
}
