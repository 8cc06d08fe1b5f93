/** The text of a statement with one name for both models, so that two arms of a branch can be compared. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { NameMerge } from './merge-names.js';

import { mentionsOf } from '../../analysis/variables.js';
import { descendants, type PyNode } from '../../syntax/node.js';

/** The tokens of a statement, after the merge of names and without comments. */
export function normalizedText(module: PythonModule, node: PyNode, merges: readonly NameMerge[]): string {
  return aliasText(node, merges) ?? renamedText(module, node, merges);
}

/** A wrap becomes `parallel = template` when both names stay. */
function aliasText(node: PyNode, merges: readonly NameMerge[]): string | undefined {
  const alias = merges.find(({ kind, wrap }) => kind === 'alias' && wrap.site.statement === node)?.wrap;
  return alias?.parallel === undefined || alias.template === undefined
    ? undefined
    : `${alias.parallel.text} = ${alias.template.text}`.replaceAll('.', ' . ');
}

function renamedText(module: PythonModule, node: PyNode, merges: readonly NameMerge[]): string {
  const { source } = module;
  const renamed = new Map<number, { readonly end: number; readonly text: string }>();
  for (const { kind, from, to } of merges) {
    if (kind !== 'rename' || from === undefined || to === undefined) continue;
    for (const { start, end } of mentionsOf(module, from, node))
      if (!renamed.has(start)) renamed.set(start, { end, text: to.text });
  }
  const tokens: string[] = [];
  for (const token of descendants(node)) {
    if (token.children.length > 0 || token.type === 'comment') continue;
    const other = renamed.get(token.start);
    tokens.push(other?.end === token.end ? other.text : source.textOf(token));
  }
  return tokens.join(' ');
}
