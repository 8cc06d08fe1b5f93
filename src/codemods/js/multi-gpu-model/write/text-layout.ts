/** Measures lines, comments and blank lines around a node. Pure. */
import type { JavaScriptSource } from '../../syntax/parse.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { type Node, walk } from '../../syntax/syntax-tree.js';

export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export function lineStartAt(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The end of a line, before its `\n` or `\r\n`. */
export function lineEndAt(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline === -1) return text.length;
  return newline > 0 && text[newline - 1] === '\r' ? Math.max(offset, newline - 1) : newline;
}

/** The start of a node with the comment lines directly above it. */
export function startWithComments({ text, ast }: JavaScriptSource, node: Node): number {
  let start = node.range[0];
  const comments = (ast.comments ?? []).filter(({ range }) => range[1] <= start);
  for (const comment of comments.reverse()) {
    const gap = text.slice(comment.range[1], start);
    // The first line stays the first: it tells the system how to run the file.
    if (text.startsWith('#!', comment.range[0]) || gap.trim() !== '' || (gap.match(/\n/g)?.length ?? 0) > 1) break;
    if (text.slice(lineStartAt(text, comment.range[0]), comment.range[0]).trim() !== '') break;
    start = comment.range[0];
  }
  return start;
}

/** The end of a statement. A semicolon that starts a later line, as in `;[1, 2].map(f)`, belongs to that line. */
export function endOf({ text }: JavaScriptSource, node: Node): number {
  const code = text.slice(...node.range);
  const withoutSemicolon = code.endsWith(';') ? code.slice(0, -1) : code;
  const end = withoutSemicolon.trimEnd().length;
  return withoutSemicolon !== code && withoutSemicolon.includes('\n', end) ? node.range[0] + end : node.range[1];
}

/** The end of a statement with the comment that follows it on its line. */
export function endWithComment(source: JavaScriptSource, node: Node): number {
  const { text } = source;
  const end = endOf(source, node);
  const rest = text.slice(end, lineEndAt(text, end));
  return /^[\t ]*(?:\/\/.*|\/\*(?:(?!\*\/).)*\*\/[\t ]*)$/.test(rest) ? end + rest.trimEnd().length : end;
}

/** What to delete to remove a statement, its comments, and the lines and blank lines that only it needs. */
export function removalRange(
  source: JavaScriptSource,
  node: Node,
  comments: 'with comments' | 'without comments' = 'with comments',
): TextRange {
  const { text } = source;
  const start = comments === 'with comments' ? startWithComments(source, node) : node.range[0];
  const end = comments === 'with comments' ? endWithComment(source, node) : endOf(source, node);
  const lineStart = lineStartAt(text, start);
  const lineEnd = lineEndAt(text, end);
  const isAloneOnLines = text.slice(lineStart, start).trim() === '' && text.slice(end, lineEnd).trim() === '';
  if (!isAloneOnLines)
    return { start: node.range[0], end: /^[\t ]/.test(text.slice(end, end + 1)) ? end + 1 : endOf(source, node) };
  const newline = text.indexOf('\n', lineEnd);
  const after = newline === -1 ? text.length : newline + 1;
  const previousLine = lineStartAt(text, Math.max(0, lineStart - 1));
  const isBlankBefore = lineStart > 0 && text.slice(previousLine, lineStart).trim() === '';
  const isBlockStartBefore = text.slice(previousLine, lineStart).trimEnd().endsWith('{');
  const blankAfter = /^[\t ]*\r?\n/.exec(text.slice(after, after + 200));
  // Leave neither two blank lines in a row nor a blank line next to a brace.
  if ((isBlankBefore || isBlockStartBefore) && blankAfter !== null)
    return { start: lineStart, end: after + blankAfter[0].length };
  if (isBlankBefore && /^[\t ]*[})]/.test(text.slice(after, after + 200))) return { start: previousLine, end: after };
  return { start: lineStart, end: after };
}

/** The starts of the lines of a range that may be indented: not its first, blank ones, or those inside a string. */
export function indentableLines(
  { text, visitorKeys }: JavaScriptSource,
  nodes: readonly Node[],
  range: TextRange,
): number[] {
  const strings: TextRange[] = [];
  for (const root of nodes) {
    walk(root, visitorKeys, (node) => {
      const isString = node.type === AST_NODE_TYPES.Literal && typeof node.value === 'string';
      if (isString || node.type === AST_NODE_TYPES.TemplateElement)
        strings.push({ start: node.range[0], end: node.range[1] });
    });
  }
  const lines: number[] = [];
  for (let at = text.indexOf('\n', range.start); at !== -1 && at + 1 < range.end; at = text.indexOf('\n', at + 1)) {
    const start = at + 1;
    const isBlank = /^[\t ]*(?:\r?\n|$)/.test(text.slice(start, start + 200));
    if (!isBlank && !strings.some((string) => string.start < start && start < string.end)) lines.push(start);
  }
  return lines;
}
