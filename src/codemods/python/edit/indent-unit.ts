/** Finds one level of indentation in the style of a place, because parts of a file may differ. Pure. */
import type { PythonSource } from '../syntax/source.js';

/**
 * The white space to put in front of lines that move one level deeper.
 *
 * @param source - The file.
 * @param first - The first line that moves; its indentation is that of the block.
 * @param last - The last line that moves.
 * @returns Tabs where the lines are indented with tabs, spaces where they are indented with spaces.
 */
export function indentUnitAt(source: PythonSource, first: number, last: number): string {
  const unit = source.indentUnit;
  const base = afterFormFeed(source.indentation(first));
  // Lines without indentation follow what is nested in them.
  const sample = base === '' ? innerIndentation(source, first, last) : base;
  if (sample === undefined || sample.startsWith(unit.charAt(0))) return unit;
  if (sample.startsWith('\t')) return '\t';
  const spaces = /^ */.exec(sample)?.[0].length ?? 0;
  return ' '.repeat(base === '' || spaces % 4 !== 0 ? Math.min(spaces, 4) : 4);
}

/** The indentation of the first line that is nested in a stretch of lines. */
function innerIndentation(source: PythonSource, first: number, last: number): string | undefined {
  for (let line = first; line <= last; line++) {
    const indentation = afterFormFeed(source.indentation(line));
    if (indentation !== '' && source.lineText(line).trim() !== '' && !source.isInString(line)) return indentation;
  }
  return undefined;
}

/** A form feed begins the indentation of its line anew. */
export function afterFormFeed(indentation: string): string {
  return indentation.slice(indentation.lastIndexOf('\f') + 1);
}
