/** Drops edits inside text that another edit deletes. Pure. */
import type { TextEdit } from '../../../result.js';

/** The edits that are not inside a deletion of the same list. */
export function withoutNested(edits: readonly TextEdit[], source: string): TextEdit[] {
  const deletions = edits.filter(({ start, end, text }) => end > start && text === '');
  return edits.filter((edit) => {
    return !deletions.some((deletion) => {
      if (deletion === edit) return false;
      if (edit.start === edit.end) {
        // Indentation at the start of a deleted line is deleted too.
        const isIndentOfDeletedLine =
          deletion.start === edit.start &&
          edit.text.trim() === '' &&
          source.slice(deletion.start, deletion.end).includes('\n');
        return isIndentOfDeletedLine || (deletion.start < edit.start && edit.start < deletion.end);
      }
      return (
        deletion.start <= edit.start &&
        edit.end <= deletion.end &&
        (deletion.start !== edit.start || deletion.end !== edit.end || edits.indexOf(deletion) < edits.indexOf(edit))
      );
    });
  });
}
