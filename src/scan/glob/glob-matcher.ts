/** Makes matchers for globs. Most globs of real projects are a name or an ending, and need no automaton. Pure. */
import type { GlobPart } from './glob-part.js';

import { automatonFor } from './glob-automaton.js';

/** Whether a path, with forward slashes, matches. */
export type GlobMatcher = (path: string) => boolean;

/**
 * Makes a matcher for a whole path.
 *
 * @param parts - The glob.
 * @param ignoreCase - Whether upper and lower case are the same.
 * @returns The matcher. Its time is at most proportional to the length of the glob times that of the path.
 */
export function globMatcher(parts: readonly GlobPart[], ignoreCase = false): GlobMatcher {
  return (ignoreCase ? undefined : simpleMatcher(parts)) ?? automatonFor(parts, ignoreCase);
}

/** A matcher for `name`, `start*`, `*end` and `start*end`. */
function simpleMatcher(parts: readonly GlobPart[]): GlobMatcher | undefined {
  const [first, second, third] = parts;
  if (parts.length > 3 || first === undefined) return undefined;
  if (parts.length === 1 && first.kind === 'text') return (path) => path === first.text;
  const star = first.kind === 'text' ? second : first;
  const ending = first.kind === 'text' ? third : second;
  if (star?.kind !== 'star' || (ending !== undefined && ending.kind !== 'text')) return undefined;
  if (first.kind !== 'text' && third !== undefined) return undefined;
  const start = first.kind === 'text' ? first.text : '';
  const end = ending?.text ?? '';
  return (path) => {
    if (path.length < start.length + end.length || !path.startsWith(start) || !path.endsWith(end)) return false;
    const slash = path.indexOf('/', start.length);
    return slash === -1 || slash >= path.length - end.length;
  };
}
