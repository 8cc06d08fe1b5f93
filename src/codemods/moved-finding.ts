/** Moves a finding along with edits that are made around it. Pure. */
import type { Finding, TextEdit } from './result.js';

import { positionsIn } from './edits/positions.js';

/**
 * Makes a function that moves findings to their positions after edits. A finding whose text is replaced moves to the
 * replacement.
 *
 * @param text - The text after all edits.
 * @returns Moves a finding, given the edits of each pass, each relative to the text before it.
 */
export function findingMover(text: string): (finding: Finding, applied: readonly (readonly TextEdit[])[]) => Finding {
  const position = positionsIn(text);
  return (finding, applied) => {
    const moved = (offset: number): number => Math.min(applied.reduce(offsetAfter, offset), text.length);
    return { ...finding, start: position(moved(finding.start.offset)), end: position(moved(finding.end.offset)) };
  };
}

function offsetAfter(offset: number, edits: readonly TextEdit[]): number {
  let shift = 0;
  for (const edit of edits) {
    if (edit.end <= offset) shift += edit.text.length - (edit.end - edit.start);
    else if (edit.start < offset) shift += Math.min(0, edit.start + edit.text.length - offset);
  }
  return offset + shift;
}
