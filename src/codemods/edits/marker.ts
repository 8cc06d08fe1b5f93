/**
 * Writes the `TODO(mirrorscope)` comment that `--mark` adds to code that the user must change, unless the code already
 * has the comment. Pure.
 */
import type { Finding, TextEdit } from '../result.js';

import { indentAt } from './newlines.js';

export type CommentStyle = '//' | '#';

/** The text of the comment without its delimiters; equal findings have equal texts. */
function markerText({ reason, api, message }: Finding): string {
  return `TODO(mirrorscope): ${reason ?? api}: ${message}`.replace(/\s+/g, ' ').replaceAll('*/', '* /');
}

/**
 * Makes the edit that adds the comment before a statement. The comment gets its own line, unless a JavaScript
 * statement shares its line with other code: then the comment goes between the two.
 *
 * @param text - The text of the file.
 * @param statementStart - The offset of the statement that contains the finding.
 * @param finding - Supplies the text of the comment.
 * @param style - The comment delimiter of the language.
 * @returns The edit; `undefined` if the statement already has the comment.
 */
export function markerEdit(
  text: string,
  statementStart: number,
  finding: Finding,
  style: CommentStyle,
): TextEdit | undefined {
  const words = markerText(finding);
  const lineStart = text.lastIndexOf('\n', statementStart - 1) + 1;
  const before = text.slice(lineStart, statementStart);
  if (before.trim() === '') {
    if (hasComment(commentLinesAbove(text, lineStart, style), `${style} ${words}`)) return undefined;
    return { start: statementStart, end: statementStart, text: `${style} ${words}\n${before}` };
  }
  if (style === '#') {
    const indent = indentAt(text, statementStart);
    if (hasComment(commentLinesAbove(text, lineStart, style), `# ${words}`)) return undefined;
    return { start: lineStart, end: lineStart, text: `${indent}# ${words}\n` };
  }
  const inline = `/* ${words} */ `;
  if (hasComment(commentsEndingAt(before), inline.trim())) return undefined;
  return { start: statementStart, end: statementStart, text: inline };
}

/** Whether a comment is there. The lines that it names may have moved since, because of the comments themselves. */
function hasComment(comments: readonly string[], comment: string): boolean {
  const withoutLines = (text: string): string => text.replace(/\blines? \d+/g, 'line');
  return comments.some((each) => withoutLines(each) === withoutLines(comment));
}

/** The comment lines directly above a line, trimmed. */
function commentLinesAbove(text: string, lineStart: number, style: CommentStyle): string[] {
  const lines: string[] = [];
  for (let end = lineStart - 1; end > 0;) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(start, end).trim();
    if (!line.startsWith(style)) break;
    lines.push(line);
    end = start - 1;
  }
  return lines;
}

/** The block comments that end a piece of a line. */
function commentsEndingAt(before: string): string[] {
  const comments: string[] = [];
  for (let rest = before.trimEnd(); rest.endsWith('*/');) {
    const start = rest.lastIndexOf('/*');
    if (start === -1) break;
    comments.push(rest.slice(start));
    rest = rest.slice(0, start).trimEnd();
  }
  return comments;
}
