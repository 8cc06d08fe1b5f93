/**
 * Unified diffs that `git apply` takes: byte-order marks, CRLF and a missing final newline come
 * out as they are. Pure.
 */
import type { Palette } from './palette.js';

import { structuredPatch } from 'diff';

const CONTEXT_LINES = 3;

/** The diff between two texts of one file, or the empty string where they are equal. Ends with a newline. */
export function unifiedDiff(path: string, original: string, output: string): string {
  return diffLines(path, original, output)
    .map((line) => `${line}\n`)
    .join('');
}

/** The same diff for a terminal. */
export function colouredDiff(path: string, original: string, output: string, palette: Palette): string {
  return diffLines(path, original, output)
    .map((line, index) => `${colourLine(line, index, palette)}\n`)
    .join('');
}

function diffLines(path: string, original: string, output: string): string[] {
  if (original === output) return [];
  const { hunks } = structuredPatch('', '', original, output, undefined, undefined, { context: CONTEXT_LINES });
  const lines = [
    `diff --git ${quotePath(`a/${path}`)} ${quotePath(`b/${path}`)}`,
    `--- ${quotePath(`a/${path}`)}${endOfName(path)}`,
    `+++ ${quotePath(`b/${path}`)}${endOfName(path)}`,
  ];
  for (const hunk of hunks) {
    lines.push(`@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`);
    for (const line of hunk.lines) lines.push(line);
  }
  return lines;
}

function range(start: number, count: number): string {
  return count === 1 ? String(start) : `${start},${count}`;
}

const HEADER_LINES = 3;

function colourLine(line: string, index: number, palette: Palette): string {
  if (index < HEADER_LINES) return palette.heading(line);
  switch (line[0]) {
    case '@':
      return palette.location(line);
    case '+':
      return palette.added(line);
    case '-':
      return palette.removed(line);
    case '\\':
      return palette.faint(line);
    default:
      return line;
  }
}

/** A tab after a name with spaces keeps patch programs from reading the rest as a date. */
function endOfName(path: string): string {
  return path.includes(' ') ? '\t' : '';
}

const NEEDS_QUOTES = /["\\\u0000-\u001f\u007f]/;
const SHORT_ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x22, '\\"'],
  [0x5c, '\\\\'],
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0b, '\\v'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
]);

/** Quotes a name the way git does in its own headers. */
function quotePath(path: string): string {
  if (!NEEDS_QUOTES.test(path)) return path;
  let quoted = '';
  for (const character of path) {
    const code = character.codePointAt(0) ?? 0;
    const short = SHORT_ESCAPES.get(code);
    if (short !== undefined) quoted += short;
    else if (code < 0x20 || code === 0x7f) quoted += `\\${code.toString(8).padStart(3, '0')}`;
    else quoted += character;
  }
  return `"${quoted}"`;
}
