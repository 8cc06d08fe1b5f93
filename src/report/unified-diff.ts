/** Unified diffs that `git apply` accepts: they keep byte-order marks, CRLF and a missing final newline. Pure. */
import type { Palette } from './palette.js';
import type { ReportedFile } from './run-report.js';

import { structuredPatch } from 'diff';

const CONTEXT_LINES = 3;

/**
 * The diff of a changed file.
 *
 * @param file - One file of a run.
 * @returns Text that ends with a newline; `undefined` when the file did not change.
 */
export function unifiedDiff(file: ReportedFile): string | undefined {
  return diffLines(file)
    ?.map((line) => `${line}\n`)
    .join('');
}

/**
 * The same diff for a terminal.
 *
 * @param file - One file of a run.
 * @param palette - Colours.
 * @returns Text that ends with a newline; `undefined` when the file did not change.
 */
export function colouredDiff(file: ReportedFile, palette: Palette): string | undefined {
  return diffLines(file)
    ?.map((line, index) => `${colourLine(line, index, palette)}\n`)
    .join('');
}

function diffLines({ result: { path, output }, original }: ReportedFile): string[] | undefined {
  if (output === undefined || original === undefined) return undefined;
  const { hunks } = structuredPatch('', '', original, output, undefined, undefined, { context: CONTEXT_LINES });
  const lines = [
    `diff --git ${quotePath(`a/${path}`)} ${quotePath(`b/${path}`)}`,
    `--- ${quotePath(`a/${path}`)}${tabAfterSpaces(path)}`,
    `+++ ${quotePath(`b/${path}`)}${tabAfterSpaces(path)}`,
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

/** Ends a name that contains spaces with a tab: otherwise patch programs read the rest of the line as a date. */
function tabAfterSpaces(path: string): string {
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

/** Quotes a name as git does in its own headers. */
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
