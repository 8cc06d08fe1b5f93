/** Sees to it that no fix loses a comment. Pure. */
import type { TextEdit } from '../codemods/result.js';
import type { SourceCode } from 'eslint';

/** Whether every comment that the edits cut out stands, word for word, in what they put in. */
export function keepsComments(sourceCode: SourceCode, edits: readonly TextEdit[]): boolean {
  const replacing = edits.filter(({ start, end }) => start < end);
  let inserted = edits.map(({ text }) => text).join('\n');
  for (const comment of sourceCode.getAllComments()) {
    const [start, end] = comment.range as [number, number];
    if (!replacing.some((edit) => edit.start < end && start < edit.end)) continue;
    // Each comment must be found anew: two equal ones need two places.
    const place = inserted.indexOf(comment.value.trim());
    if (place === -1) return false;
    inserted = inserted.slice(0, place) + inserted.slice(place + comment.value.trim().length);
  }
  return true;
}
