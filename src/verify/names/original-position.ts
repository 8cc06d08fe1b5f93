/** Finds the place in a text that a place in its changed version comes from. Pure. */
import type { Position } from '../../codemods/result.js';

import { structuredPatch } from 'diff';

/** A change from one text to another. */
export interface TextChange {
  readonly original: string;
  readonly output: string;
}

/**
 * Makes a function that converts positions.
 *
 * @param change - Both texts.
 * @returns Converts a position in the output to one in the original: the same place where its line is unchanged,
 *   otherwise the beginning of the changed lines.
 */
export function originalPositions({ original, output }: TextChange): (position: Position) => Position {
  const { hunks } = structuredPatch('', '', original, output, undefined, undefined, { context: 0 });
  const starts = [0, ...[...original.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const at = (line: number, column: number): Position => {
    const known = Math.min(Math.max(line, 1), starts.length);
    return { offset: (starts[known - 1] ?? 0) + column - 1, line: known, column };
  };
  return ({ line, column }) => {
    let shift = 0;
    for (const { oldStart, oldLines, newStart, newLines } of hunks) {
      // Without lines of its own, a hunk starts at the line before it.
      const first = newLines === 0 ? newStart + 1 : newStart;
      if (line < first) break;
      if (line < first + newLines) return at(oldStart, 1);
      shift += oldLines - newLines;
    }
    return at(line + shift, column);
  };
}
