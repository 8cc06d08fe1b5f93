/** Edits that remove a list item or a statement, and keep the comments around it. Pure. */
import type { TextEdit } from '../../result.js';
import type { Node } from '../syntax/syntax-tree.js';

import { spaceBefore } from '../../edits/space-before.js';

/** Removes some items of a comma-separated list, each with one comma. At least one item has to stay. */
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
      // A comment is between the items: remove only the item and the comma after it.
      const after = /^\s*,[\t ]*|^[\t ]*(?=\})/.exec(text.slice(item.range[1]))?.[0].length ?? 0;
      const before = items.length === 1 ? (/(?<=\{)[\t ]*$/.exec(text.slice(0, item.range[0]))?.[0].length ?? 0) : 0;
      edits.push({ start: item.range[0] - before, end: item.range[1] + after, text: '' });
    }
  });
  return edits;
}

/** Removes an item with the comma before it, and keeps comments between the two. */
export function lastItemRemoval(text: string, previousEnd: number, start: number, end: number): TextEdit[] {
  const between = text.slice(previousEnd, start);
  if (/^\s*,\s*$/.test(between)) return [{ start: previousEnd, end, text: '' }];
  // Comments are replaced by spaces, so that the search finds the comma of the list.
  const code = between.replace(/\/\*[^]*?\*\/|\/\/.*/g, (comment) => ' '.repeat(comment.length));
  const comma = previousEnd + code.indexOf(',');
  // The line break after a line comment has to stay.
  const space = between.includes('//')
    ? spaceBefore(between, between.length)
    : between.length - between.trimEnd().length;
  return [
    { start: comma, end: comma + 1, text: '' },
    { start: start - space, end, text: '' },
  ];
}

/**
 * Removes a statement, and its line when nothing else is on it. Where two blank lines would meet, removes one of them.
 */
export function statementRemoval(text: string, statement: Node): TextEdit[] {
  const [start, end] = statement.range;
  const before = /(?:^|\n)([\t ]*)$/.exec(text.slice(0, start));
  const after = /^[\t ]*(?:\r?\n|$)/.exec(text.slice(end));
  if (before === null || after === null) {
    const spaces = matchLength(/^[\t ]*/, text.slice(end));
    return [{ start, end: end + spaces, text: '' }];
  }
  const lineStart = start - (before[1]?.length ?? 0);
  const lineEnd = end + after[0].length;
  const blankBefore = /(?:^|\n)([\t ]*\r?\n)$/.exec(text.slice(0, lineStart));
  if (lineEnd < text.length) {
    const blankAfter = /^[\t ]*\r?\n/.exec(text.slice(lineEnd));
    const extra = blankAfter !== null && (blankBefore !== null || lineStart === 0) ? blankAfter[0].length : 0;
    return [{ start: lineStart, end: lineEnd + extra, text: '' }];
  }
  // At the end of the file, removes a blank line before it. The line break before it stays, because it may end a
  // comment or belong to another removal.
  const from = lineStart - (blankBefore?.[1]?.length ?? 0);
  return [{ start: from, end: lineEnd, text: '' }];
}

/** How many characters the pattern matches; 0 when it does not match. */
function matchLength(pattern: RegExp, text: string): number {
  return pattern.exec(text)?.[0].length ?? 0;
}
