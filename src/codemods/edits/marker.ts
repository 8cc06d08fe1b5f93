/**
 * The `TODO(mirrorscope)` comment that `--mark` leaves at a place that needs a hand: its words, its
 * look in each comment style, and whether it stands there already. Pure.
 */
import type { Finding, TextEdit } from '../result.js';

export type CommentStyle = '//' | '#';

/** What the comment says, without the comment signs; the same finding always gives the same words. */
function markerText({ reason, api, message }: Finding): string {
  return `TODO(mirrorscope): ${reason ?? api}: ${message}`.replace(/\s+/g, ' ').replaceAll('*/', '* /');
}

/**
 * The edit that puts the comment before a statement, or `undefined` when it stands there already.
 * It gets a line of its own; where the statement shares its line with code, a JavaScript comment goes
 * between the two.
 * @param statementStart offset of the statement that holds the finding
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
    if (commentLinesAbove(text, lineStart, style).includes(`${style} ${words}`)) return undefined;
    return { start: statementStart, end: statementStart, text: `${style} ${words}\n${before}` };
  }
  if (style === '#') {
    const indent = /^[\t ]*/.exec(before)![0];
    if (commentLinesAbove(text, lineStart, style).includes(`# ${words}`)) return undefined;
    return { start: lineStart, end: lineStart, text: `${indent}# ${words}\n` };
  }
  const inline = `/* ${words} */ `;
  if (commentsEndingAt(before).includes(inline.trim())) return undefined;
  return { start: statementStart, end: statementStart, text: inline };
}

/** The comment lines that stand directly above a line, trimmed. */
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
