/** Applies edits to a text with magic-string; all other characters stay as they are. Pure. */
import type { TextEdit } from '../result.js';

import MagicString from 'magic-string';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { findOverlap } from './overlap.js';

/**
 * Applies edits to a text.
 *
 * @param text - The text that the offsets of the edits refer to.
 * @param edits - In any order. Insertions at the same offset keep their order, and an insertion at the edge of a
 *   replaced range stays outside the replacement.
 * @returns The new text.
 * @throws {MirrorscopeError} `INTERNAL` if edits overlap or lie outside the text.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  if (edits.length === 0) return text;
  const overlap = findOverlap(edits);
  if (overlap !== undefined) {
    const [a, b] = overlap;
    throw new MirrorscopeError(ErrorCode.Internal, `Edits ${a.start}–${a.end} and ${b.start}–${b.end} overlap.`);
  }
  const output = new MagicString(text);
  for (const { start, end, text: replacement } of edits) {
    if (start < 0 || end < start || end > text.length) {
      throw new MirrorscopeError(
        ErrorCode.Internal,
        `Edit ${start}–${end} lies outside a text of ${text.length} characters.`,
      );
    }
    if (start === end) continue;
    if (replacement === '') output.remove(start, end);
    else output.update(start, end, replacement);
  }
  // Insert last: magic-string would overwrite insertions at the edges of a later replacement.
  for (const { start, end, text: inserted } of edits) {
    if (start === end) output.appendLeft(start, inserted);
  }
  return output.toString();
}
