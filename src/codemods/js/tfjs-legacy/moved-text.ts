/** Edits that move a piece of the file, combined with edits inside that piece. Pure. */
import type { TextEdit } from '../../result.js';

import { withoutSharedSeparators } from '../../edits/shared-separators.js';

/** Replaces a range by the text of another range; `text` is that text before any other edit. */
export interface MovedText extends TextEdit {
  readonly movedFrom: readonly [start: number, end: number];
}

/**
 * Applies the edits inside a moved piece to the moved text, so that no edits overlap.
 *
 * @param text - The text of the file.
 * @param edits - The edits of one change. One of them replaces each moved piece at its old position.
 */
export function withMovedTextEdited(text: string, edits: readonly (TextEdit | MovedText)[]): TextEdit[] {
  if (!edits.some(isMoved)) return withoutSharedSeparators(text, edits);
  return withoutSharedSeparators(
    text,
    outermost(edits).map((edit) => ({ start: edit.start, end: edit.end, text: replacementOf(text, edit, edits) })),
  );
}

function replacementOf(text: string, edit: TextEdit | MovedText, all: readonly (TextEdit | MovedText)[]): string {
  if (!isMoved(edit)) return edit.text;
  const [start, end] = edit.movedFrom;
  // Leaves out the edit that replaces the whole piece at its old position.
  const inside = all.filter((other) => isInside(other, { start, end }));
  let result = '';
  let copied = start;
  for (const inner of [...outermost(inside)].sort((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(copied, inner.start) + replacementOf(text, inner, all);
    copied = inner.end;
  }
  return result + text.slice(copied, end);
}

/** The edits that are not inside another edit. */
function outermost(edits: readonly (TextEdit | MovedText)[]): readonly (TextEdit | MovedText)[] {
  return edits.filter((inner) => !edits.some((outer) => outer !== inner && isInside(inner, outer)));
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Whether a range is inside another one and smaller. An insertion at the edge is outside. */
function isInside(inner: Range, outer: Range): boolean {
  if (inner.start === inner.end) return outer.start < inner.start && inner.end < outer.end;
  return outer.start <= inner.start && inner.end <= outer.end && inner.end - inner.start < outer.end - outer.start;
}

function isMoved(edit: TextEdit | MovedText): edit is MovedText {
  return 'movedFrom' in edit;
}
