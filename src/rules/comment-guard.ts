/** Makes sure that no fix deletes a comment. Pure. */
import type { TextEdit } from '../codemods/result.js';
import type { SourceCode } from 'eslint';

/** Whether the inserted text repeats, word for word, every comment that the edits delete. */
export function keepsComments(sourceCode: SourceCode, edits: readonly TextEdit[]): boolean {
  const replacing = edits.filter(({ start, end }) => start < end);
  let inserted = edits.map(({ text }) => text).join('\n');
  for (const comment of sourceCode.getAllComments()) {
    const [start, end] = comment.range as [number, number];
    if (!replacing.some((edit) => edit.start < end && start < edit.end)) continue;
    // Two equal comments have to be repeated twice.
    const place = inserted.indexOf(comment.value.trim());
    if (place === -1) return false;
    inserted = inserted.slice(0, place) + inserted.slice(place + comment.value.trim().length);
  }
  return true;
}
