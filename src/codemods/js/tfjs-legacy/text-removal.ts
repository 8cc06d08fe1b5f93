/** Edits that remove a list item or a statement and leave the comments around it. Pure. */
import { type TextEdit } from '../../result.js';
import { type Node } from '../syntax-tree.js';

/** Removes items of a comma-separated list, each with one comma. Not for all items of a list. */
export function listItemsRemoval(text: string, removed: readonly Node[], items: readonly Node[]): TextEdit[] {
  const edits: TextEdit[] = [];
  const lastKept = items.findLastIndex((item) => !removed.includes(item));
  items.forEach((item, index) => {
    if (!removed.includes(item)) return;
    const neighbour = index > lastKept ? items[index - 1] : items[index + 1];
    const [from, to] = index > lastKept ? [neighbour?.range[1], item.range[0]] : [item.range[1], neighbour?.range[0]];
    const isPlain = from !== undefined && to !== undefined && /^\s*,\s*$/.test(text.slice(from, to));
    if (isPlain) {
      edits.push(index > lastKept ? { start: from, end: item.range[1], text: '' } : { start: item.range[0], end: to, text: '' });
    } else {
      // A comment stands between: take the item and the comma after it alone.
      const comma = /^\s*,/.exec(text.slice(item.range[1]))?.[0].length ?? 0;
      edits.push({ start: item.range[0], end: item.range[1] + comma, text: '' });
    }
  });
  return edits;
}

/** Removes a statement, and its line when nothing else stands there. */
export function statementRemoval(text: string, statement: Node): TextEdit[] {
  const [start, end] = statement.range;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const blankBefore = /^[\t ]*$/.test(text.slice(lineStart, start));
  const rest = /^[\t ]*(\r\n|\n|$)/.exec(text.slice(end));
  if (blankBefore && rest !== null) {
    // The last line of a file without a final line end takes the line end before it along.
    const from = rest[1] === '' && lineStart > 0 ? lineStart - (text[lineStart - 2] === '\r' ? 2 : 1) : lineStart;
    return [{ start: from, end: end + rest[0].length, text: '' }];
  }
  const spaces = /^[\t ]*/.exec(text.slice(end))![0].length;
  return [{ start, end: end + spaces, text: '' }];
}
