/** Removes a class or function from a file. Pure. */
import type { TextEdit } from '../../result.js';
import type { PyNode } from '../syntax/node.js';
import type { PythonSource } from '../syntax/source.js';

/** The edit that removes the lines of a definition and the blank lines below it. */
export function removeDefinition(source: PythonSource, definition: PyNode): TextEdit {
  let last = source.lineAt(definition.end) + 1;
  while (
    last < source.lineStarts.length &&
    source.lineText(last).trim() === '' &&
    source.lineStart(last) < source.text.length
  )
    last++;
  return { start: source.lineStart(source.lineAt(definition.start)), end: source.lineStart(last), text: '' };
}
