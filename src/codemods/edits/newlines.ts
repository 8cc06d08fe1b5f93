/** Detects the newlines and indentation of a file, so that inserted lines look like the lines around them. Pure. */
import type { TextEdit } from '../result.js';

/** The newline that most lines of a text end with; `\n` for a text of one line. */
export function dominantNewline(text: string): '\n' | '\r\n' {
  let crlf = 0;
  let lf = 0;
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) {
    if (index > 0 && text.charCodeAt(index - 1) === 13) crlf += 1;
    else lf += 1;
  }
  return crlf > lf ? '\r\n' : '\n';
}

/** The same edits, with the newlines of the text that they are applied to. */
export function withNewlinesOf(text: string, edits: readonly TextEdit[]): TextEdit[] {
  const newline = dominantNewline(text);
  return edits.map((edit) => ({ ...edit, text: edit.text.replace(/\r?\n/g, newline) }));
}

/**
 * One level of indentation in this file: a tab, or the most common step of spaces; two spaces if no line is indented.
 */
export function indentUnit(text: string): string {
  let tabs = 0;
  const steps = new Map<number, number>();
  let previous = 0;
  for (const [, space] of text.matchAll(/^([\t ]*)\S/gm)) {
    if (space === undefined) continue;
    if (space.startsWith('\t')) {
      tabs += 1;
      continue;
    }
    const step = space.length - previous;
    // A step of one space is the alignment of a block comment.
    if (step > 1) steps.set(step, (steps.get(step) ?? 0) + 1);
    previous = space.length;
  }
  const spaces = [...steps.values()].reduce((sum, count) => sum + count, 0);
  if (tabs > spaces) return '\t';
  let best = 2;
  let most = 0;
  for (const [step, count] of [...steps].sort(([a], [b]) => a - b)) {
    if (count > most && step <= 8) [best, most] = [step, count];
  }
  return ' '.repeat(best);
}

/** The white space at the start of the line that contains an offset. */
export function indentAt(text: string, offset: number): string {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[\t ]*/.exec(text.slice(lineStart, offset))?.[0] ?? '';
}
