/** Replaces each wrap by the original model, and gives both models one name. Collects edits. */
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';
import type { WrapGroup } from '../model/wrap-group.js';
import type { NameMerge } from './merge-names.js';

import { assignmentOf } from '../../analysis/statements.js';
import { closest, type PyNode } from '../../syntax/node.js';

/**
 * Replaces the call of one wrap.
 *
 * @param module - The file.
 * @param editor - Collects the edits.
 * @param merge - What happens to the two names.
 * @param group - The wraps.
 * @returns The statements that it removes.
 */
export function replaceWrap(module: PythonModule, editor: LineEditor, merge: NameMerge, group: WrapGroup): PyNode[] {
  const { source } = module;
  const { site, parallel } = merge.wrap;
  if (merge.kind !== 'same' && merge.kind !== 'rename' && site.form !== 'discarded') {
    const whole = site.conditional?.expression ?? site.call;
    editor.replace(whole.start, whole.end, source.textOf(site.model));
    return [];
  }
  const aliases = group.aliases.filter((alias) => {
    const left = assignmentOf(alias)?.left;
    return merge.kind === 'rename' && left !== undefined && source.textOf(left) === parallel?.text;
  });
  const removed = [...new Set([site.statement, ...aliases])];
  for (const statement of removed) editor.deleteStatement(statement);
  return removed;
}

/** Renames every mention of a merged name. */
export function renameMerged(module: PythonModule, editor: LineEditor, merges: readonly NameMerge[]): void {
  for (const { kind, from, to } of merges) {
    if (kind !== 'rename' || from === undefined || to === undefined) continue;
    for (const node of new Set([...from.root.reads, ...from.root.writes.map((write) => write.name)])) {
      editor.replace(node.start, node.end, to.text);
      realignArguments(module, editor, node, to.text.length - from.text.length);
    }
  }
}

/** Moves continuation lines that are aligned with the opening bracket of a call when the bracket moves. */
function realignArguments(module: PythonModule, editor: LineEditor, renamed: PyNode, columns: number): void {
  const { source } = module;
  const list = closest(renamed, (node) => node.type === 'call')?.children.find(
    (child) => child.type === 'argument_list',
  );
  const line = source.lineAt(renamed.start);
  if (list === undefined || list.start < renamed.end || source.lineAt(list.start) !== line) return;
  const column = list.start + 1 - source.lineStart(line);
  for (let next = line + 1; next <= source.lineAt(list.end); next++) {
    const indentation = source.indentation(next);
    if (indentation.length >= column && !indentation.includes('\t')) editor.realign(next, columns);
  }
}
