/** Lets removals that reach into the same separator remove it once. Pure. */
import type { TextEdit } from '../result.js';

/**
 * Clips removals that overlap an earlier one only in blank space or semicolons: two statements that go, each with what
 * separates them.
 *
 * @param text - The text that the edits change.
 * @param edits - The edits, in any order.
 * @returns The edits in the same order; those that do not meet are the same objects.
 */
export function withoutSharedSeparators(text: string, edits: readonly TextEdit[]): TextEdit[] {
  const removals = edits.filter((edit) => edit.text === '' && edit.start < edit.end);
  return edits.map((edit) => {
    if (!removals.includes(edit)) return edit;
    const before = removals.find(
      (other) =>
        other.start < edit.start &&
        edit.start < other.end &&
        other.end < edit.end &&
        /^[\s;]*$/.test(text.slice(edit.start, other.end)),
    );
    return before === undefined ? edit : { ...edit, start: before.end };
  });
}
