/** Converts offsets to lines and columns, and offsets in an edited text to offsets in the original. Pure. */
import type { Position, TextEdit } from '../result.js';

/** Makes a function that converts offsets of a text to positions; it builds the line table once. */
export function positionsIn(text: string): (offset: number) => Position {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(text);
    let line = 0;
    let end = starts.length;
    while (end - line > 1) {
      const middle = (line + end) >> 1;
      if ((starts[middle] ?? Infinity) <= offset) line = middle;
      else end = middle;
    }
    return { offset, line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}

/** Converts an offset in the edited text to an offset in the text that the edits were applied to. */
export function originalOffset(offset: number, edits: readonly TextEdit[]): number {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let shift = 0;
  for (const edit of sorted) {
    const newStart = edit.start + shift;
    if (offset < newStart) break;
    if (offset < newStart + edit.text.length) return edit.start;
    shift += edit.text.length - (edit.end - edit.start);
  }
  return offset - shift;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) starts.push(index + 1);
  return starts;
}
