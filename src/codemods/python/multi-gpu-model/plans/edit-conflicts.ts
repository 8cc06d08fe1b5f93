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
