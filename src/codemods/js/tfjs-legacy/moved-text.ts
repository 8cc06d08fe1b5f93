/**
 * Edits that put a piece of the file in another place, together with edits inside that piece. Pure.
 */
import type { TextEdit } from '../../result.js';

/** Replaces a range by what another range holds; `text` is what it holds before any other edit. */
export interface MovedText extends TextEdit {
  readonly movedFrom: readonly [start: number, end: number];
}

/**
 * The same edits, where each moved piece carries along the edits inside it, so that none overlap.
 * @param edits of one change; a moved piece is replaced where it stood by another edit among them
 */
export function withMovedTextEdited(text: string, edits: readonly (TextEdit | MovedText)[]): TextEdit[] {
  if (!edits.some(isMoved)) return [...edits];
  return outermost(edits).map((edit) => ({ start: edit.start, end: edit.end, text: replacementOf(text, edit, edits) }));
}

function replacementOf(text: string, edit: TextEdit | MovedText, all: readonly (TextEdit | MovedText)[]): string {
  if (!isMoved(edit)) return edit.text;
  const [start, end] = edit.movedFrom;
  // The edit that replaces the whole piece where it stood is about another piece.
  const inside = all.filter((other) => isInside(other, { start, end }));
  let result = '';
  let copied = start;
  for (const inner of [...outermost(inside)].sort((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(copied, inner.start) + replacementOf(text, inner, all);
    copied = inner.end;
  }
  return result + text.slice(copied, end);
}

/** The edits that lie in no other one. */
function outermost(edits: readonly (TextEdit | MovedText)[]): readonly (TextEdit | MovedText)[] {
  return edits.filter((inner) => !edits.some((outer) => outer !== inner && isInside(inner, outer)));
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Within and smaller; an insertion at the edge of a range stands outside it. */
function isInside(inner: Range, outer: Range): boolean {
  if (inner.start === inner.end) return outer.start < inner.start && inner.end < outer.end;
  return outer.start <= inner.start && inner.end <= outer.end && inner.end - inner.start < outer.end - outer.start;
}

function isMoved(edit: TextEdit | MovedText): edit is MovedText {
  return 'movedFrom' in edit;
}
