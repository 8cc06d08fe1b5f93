/** Tells whether the edits of two plans can be made together. Pure. */
import type { TextEdit } from '../../../result.js';

/** Whether two lists of edits change the same text. */
export function overlaps(a: readonly TextEdit[], b: readonly TextEdit[]): boolean {
  return a.some((x) => b.some((y) => x.start < y.end && y.start < x.end));
}

/** Whether two plans insert different text at one place: then one scope begins or continues inside the other. */
export function sharesLine(a: readonly TextEdit[], b: readonly TextEdit[]): boolean {
  const inserted = new Map(a.filter(({ start, end }) => start === end).map(({ start, text }) => [start, text]));
  return b.some(({ start, end, text }) => start === end && inserted.has(start) && inserted.get(start) !== text);
}

/** Whether two plans put one line into different scopes: then the scope of one would be entered inside the other. */
export function nestScopes(a: readonly TextEdit[], b: readonly TextEdit[]): boolean {
  const scopes = scopesOfLines(a);
  return [...scopesOfLines(b)].some(([line, scope]) => (scopes.get(line) ?? scope) !== scope);
}

/** The scope that each indented line is put into, by the offset of the line. */
function scopesOfLines(edits: readonly TextEdit[]): Map<number, string> {
  const scopes = new Map<number, string>();
  let current = '';
  for (const { start, end, text } of edits) {
    if (start !== end) continue;
    current = /with (\S*scope\(\)):\r?\n[^\n]*$/.exec(text)?.[1] ?? current;
    if (/(^|\n)[ \t]+$/.test(text)) scopes.set(start, current);
  }
  return scopes;
}
