/** Edits that remove a list item or a statement and leave the comments around it. Pure. */
import type { TextEdit } from '../../result.js';
import type { Node } from '../syntax/syntax-tree.js';

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
      edits.push(
        index > lastKept ? { start: from, end: item.range[1], text: '' } : { start: item.range[0], end: to, text: '' },
      );
    } else {
      // A comment stands between: take the item and the comma after it alone.
      const after = /^\s*,[\t ]*|^[\t ]*(?=\})/.exec(text.slice(item.range[1]))?.[0].length ?? 0;
      const before = items.length === 1 ? (/(?<=\{)[\t ]*$/.exec(text.slice(0, item.range[0]))?.[0].length ?? 0) : 0;
      edits.push({ start: item.range[0] - before, end: item.range[1] + after, text: '' });
    }
  });
  return edits;
}

/** Removes an item with the comma before it, and leaves the comments between the two. */
export function lastItemRemoval(text: string, previousEnd: number, start: number, end: number): TextEdit[] {
  const between = text.slice(previousEnd, start);
  if (/^\s*,\s*$/.test(between)) return [{ start: previousEnd, end, text: '' }];
  // Comments are blanked out, so that the comma found is the one of the list.
  const code = between.replace(/\/\*[^]*?\*\/|\/\/.*/g, (comment) => ' '.repeat(comment.length));
  const comma = previousEnd + code.indexOf(',');
  // The line end after a line comment has to stay.
  const space = (between.includes('//') ? /[\t ]*$/ : /\s*$/).exec(between)![0].length;
  return [
    { start: comma, end: comma + 1, text: '' },
    { start: start - space, end, text: '' },
  ];
}

/** Removes a statement, and its line when nothing else stands there. Of two blank lines that would meet, one goes too. */
export function statementRemoval(text: string, statement: Node): TextEdit[] {
  const [start, end] = statement.range;
  const before = /(?:^|\n)([\t ]*)$/.exec(text.slice(0, start));
  const after = /^[\t ]*(?:\r?\n|$)/.exec(text.slice(end));
  if (before === null || after === null) {
    const spaces = /^[\t ]*/.exec(text.slice(end))![0].length;
    return [{ start, end: end + spaces, text: '' }];
  }
  const lineStart = start - before[1]!.length;
  const lineEnd = end + after[0].length;
  const blankBefore = /(?:^|\n)([\t ]*\r?\n)$/.exec(text.slice(0, lineStart));
  if (lineEnd < text.length) {
    const blankAfter = /^[\t ]*\r?\n/.exec(text.slice(lineEnd));
    const extra = blankAfter !== null && (blankBefore !== null || lineStart === 0) ? blankAfter[0].length : 0;
    return [{ start: lineStart, end: lineEnd + extra, text: '' }];
  }
  // At the end of the file the line end before goes, if the file has no final one, and a blank line with it.
  const from = lineStart - (blankBefore?.[1]?.length ?? 0);
  const hasFinalNewline = /\n$/.test(after[0]);
  return [
    {
      start: hasFinalNewline ? from : from - (/\r?\n$/.exec(text.slice(0, from))?.[0].length ?? 0),
      end: lineEnd,
      text: '',
    },
  ];
}
