/** Comments in text that goes, so that they can be kept beside the strategy that replaces it. Pure. */
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { Range } from './text-layout.js';

/** Comments that speak to a tool about the very line that goes. */
const DIRECTIVE = /^[\s*]*(?:@ts-(?:ignore|expect-error)|eslint-|prettier-ignore|c8 ignore|istanbul ignore)/;

/** The comment lines of each range that goes, but for those in ranges that move as they are. */
export function commentsIn(
  deleted: readonly Range[],
  moved: readonly Range[],
  { ast, text }: JavaScriptSource,
): Map<Range, string[]> {
  const found = new Map<Range, string[]>();
  const seen = new Set<object>();
  for (const range of deleted) {
    for (const comment of ast.comments ?? []) {
      const [start, end] = comment.range;
      if (start < range.start || end > range.end || seen.has(comment) || DIRECTIVE.test(comment.value)) continue;
      if (moved.some((each) => each.start <= start && end <= each.end)) continue;
      seen.add(comment);
      found.set(range, [...(found.get(range) ?? []), text.slice(start, end)]);
    }
  }
  return found;
}
