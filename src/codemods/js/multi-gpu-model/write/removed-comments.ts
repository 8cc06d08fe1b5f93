/** Finds the comments in removed code, so that they can be kept next to the strategy that replaces it. Pure. */
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { TextRange } from './text-layout.js';

import { isDirective } from '../../commented.js';

/**
 * Finds comments to keep.
 *
 * @param deleted - Ranges to delete.
 * @param moved - Ranges that move as a whole, with their comments.
 * @param source - The file.
 * @returns The texts of the comments in each deleted range.
 */
export function commentsIn(
  deleted: readonly TextRange[],
  moved: readonly TextRange[],
  source: JavaScriptSource,
): Map<TextRange, string[]> {
  const { ast, text } = source;
  const found = new Map<TextRange, string[]>();
  const seen = new Set<object>();
  for (const range of deleted) {
    for (const comment of ast.comments ?? []) {
      const [start, end] = comment.range;
      if (start < range.start || end > range.end || seen.has(comment) || isDirective(comment.value)) continue;
      if (moved.some((each) => each.start <= start && end <= each.end)) continue;
      seen.add(comment);
      found.set(range, [...(found.get(range) ?? []), text.slice(start, end)]);
    }
  }
  return found;
}
