/** Lines, comments and punctuation around a node, as this file writes them. Pure. */
import type { JavaScriptSource } from '../../syntax/parse.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { type Node, walk } from '../../syntax/syntax-tree.js';

export interface Range {
  readonly start: number;
  readonly end: number;
}

export function lineStartAt(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset of the line end, `\r` included in the line's end. */
export function lineEndAt(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline === -1) return text.length;
  return newline > 0 && text[newline - 1] === '\r' ? Math.max(offset, newline - 1) : newline;
}

/** Where the comment lines begin that stand directly above a node; the node's own start when there are none. */
export function startWithComments({ text, ast }: JavaScriptSource, node: Node): number {
  let start = node.range[0];
  const comments = (ast.comments ?? []).filter(({ range }) => range[1] <= start);
  for (let index = comments.length - 1; index >= 0; index--) {
    const comment = comments[index]!;
    const gap = text.slice(comment.range[1], start);
    if (gap.trim() !== '' || (gap.match(/\n/g)?.length ?? 0) > 1) break;
    if (text.slice(lineStartAt(text, comment.range[0]), comment.range[0]).trim() !== '') break;
    start = comment.range[0];
  }
  return start;
}

/** Where a statement ends; a semicolon that starts a later line, as in `;[1, 2].map(f)`, belongs to that line. */
function endOf({ text }: JavaScriptSource, node: Node): number {
  const late = /\n\s*;$/.exec(text.slice(...node.range));
  return late === null
    ? node.range[1]
    : node.range[0] +
        text
          .slice(...node.range)
          .slice(0, -1)
          .trimEnd().length;
}

/** Where a statement ends with the comment that follows it on its line. */
export function endWithComment(source: JavaScriptSource, node: Node): number {
  const { text } = source;
  const end = endOf(source, node);
  const rest = text.slice(end, lineEndAt(text, end));
  return /^[\t ]*(?:\/\/.*|\/\*(?:(?!\*\/).)*\*\/[\t ]*)$/.test(rest) ? end + rest.trimEnd().length : end;
}

/** What to delete so that a statement, and the comments on it, are gone without a trace: whole lines where it has them to itself. */
export function removalRange(
  source: JavaScriptSource,
  node: Node,
  comments: 'with comments' | 'without comments' = 'with comments',
): Range {
  const { text } = source;
  const start = comments === 'with comments' ? startWithComments(source, node) : node.range[0];
  const end = comments === 'with comments' ? endWithComment(source, node) : endOf(source, node);
  const lineStart = lineStartAt(text, start);
  const lineEnd = lineEndAt(text, end);
  const isAlone = text.slice(lineStart, start).trim() === '' && text.slice(end, lineEnd).trim() === '';
  if (!isAlone)
    return { start: node.range[0], end: /^[\t ]/.test(text.slice(end, end + 1)) ? end + 1 : endOf(source, node) };
  const newline = text.indexOf('\n', lineEnd);
  const after = newline === -1 ? text.length : newline + 1;
  const previousLine = lineStartAt(text, Math.max(0, lineStart - 1));
  const isBlankBefore = lineStart > 0 && text.slice(previousLine, lineStart).trim() === '';
  const isOpeningBefore = text.slice(previousLine, lineStart).trimEnd().endsWith('{');
  const blankAfter = /^[\t ]*\r?\n/.exec(text.slice(after, after + 200));
  // A blank line on both sides would leave two in a row; one beside a brace would look odd.
  if ((isBlankBefore || isOpeningBefore) && blankAfter !== null)
    return { start: lineStart, end: after + blankAfter[0].length };
  if (isBlankBefore && /^[\t ]*[})]/.test(text.slice(after, after + 200))) return { start: previousLine, end: after };
  return { start: lineStart, end: after };
}

/** Whether statements of this file end with semicolons. */
export function usesSemicolons({ text, ast }: JavaScriptSource): boolean {
  let withSemicolon = 0;
  let without = 0;
  const count = (statement: TSESTree.Node): void => {
    switch (statement.type) {
      case AST_NODE_TYPES.ExpressionStatement:
      case AST_NODE_TYPES.VariableDeclaration:
      case AST_NODE_TYPES.ImportDeclaration:
      case AST_NODE_TYPES.ReturnStatement:
        if (text[statement.range[1] - 1] === ';') withSemicolon += 1;
        else without += 1;
        break;
      default:
    }
  };
  for (const statement of ast.body) {
    count(statement);
    if (statement.type === AST_NODE_TYPES.FunctionDeclaration) statement.body.body.forEach(count);
  }
  return withSemicolon >= without;
}

/** The quote that most strings of a file have. */
export function preferredQuote({ ast, text }: JavaScriptSource): '"' | "'" {
  let double = 0;
  let single = 0;
  for (const token of ast.tokens ?? []) {
    if ((token.type as string) !== 'String') continue;
    if (text[token.range[0]] === '"') double += 1;
    else single += 1;
  }
  return double > single ? '"' : "'";
}

/** The starts of those lines of a range, after its first, whose white space is not part of a value. */
export function indentableLines(
  { text, visitorKeys }: JavaScriptSource,
  nodes: readonly Node[],
  range: Range,
): number[] {
  const fixed: Range[] = [];
  for (const root of nodes) {
    walk(root, visitorKeys, (node) => {
      if (
        node.type === AST_NODE_TYPES.TemplateElement ||
        (node.type === AST_NODE_TYPES.Literal && typeof node.value === 'string')
      ) {
        fixed.push({ start: node.range[0], end: node.range[1] });
      }
    });
  }
  const lines: number[] = [];
  for (let at = text.indexOf('\n', range.start); at !== -1 && at + 1 < range.end; at = text.indexOf('\n', at + 1)) {
    const start = at + 1;
    const isBlank = /^[\t ]*(?:\r?\n|$)/.test(text.slice(start, start + 200));
    if (!isBlank && !fixed.some((value) => value.start < start && start < value.end)) lines.push(start);
  }
  return lines;
}
