/** Applies edits to a text through magic-string: bytes that no edit names stay as they are. Pure. */
import type { TextEdit } from '../result.js';

import MagicString from 'magic-string';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { findOverlap } from './overlap.js';

/**
 * The text with all edits applied. Insertions at one place keep the order in which they are given; an
 * insertion at the edge of a replaced range stands outside the replacement.
 * @throws MirrorscopeError `INTERNAL` when edits overlap or lie outside the text
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
  // After the replacements, which would swallow what has been inserted at their edges.
  for (const { start, end, text: inserted } of edits) {
    if (start === end) output.appendLeft(start, inserted);
  }
  return output.toString();
}
