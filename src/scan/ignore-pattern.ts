/**
 * Parses the lines of a `.gitignore` into rules that match like git (`wildmatch` with path names). A rule matches one
 * path; as in git, the walk checks the folders above it. Pure.
 */

import { type GlobMatcher, globMatcher } from './glob/glob-matcher.js';
import { parseGlob } from './glob/parse-glob.js';

/** One line of an ignore file. */
export interface IgnoreRule {
  /** `!pattern`: a match is not ignored, even if an earlier rule ignores it. */
  readonly isNegated: boolean;
  readonly onlyDirectories: boolean;
  /** Whether to match the name alone, rather than the path from the ignore file's folder. */
  readonly onName: boolean;
  readonly matches: GlobMatcher;
}

/** The outcome of a file's rules for a path; the last rule that matches decides. */
export type IgnoreVerdict = 'ignored' | 'kept' | undefined;

/** Parses an ignore file. Blank lines, comments and invalid patterns are skipped. */
export function parseIgnoreRules(text: string, ignoreCase: boolean): readonly IgnoreRule[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((line) => {
      const rule = parseLine(line.replace(/\r$/, ''), ignoreCase);
      return rule === undefined ? [] : [rule];
    });
}

/** Applies rules to a path relative to their folder, with forward slashes. */
export function ignoreVerdict(rules: readonly IgnoreRule[], relative: string, isDirectory: boolean): IgnoreVerdict {
  const name = relative.slice(relative.lastIndexOf('/') + 1);
  for (let index = rules.length - 1; index >= 0; index--) {
    const rule = rules[index];
    if (rule === undefined || (rule.onlyDirectories && !isDirectory)) continue;
    if (rule.matches(rule.onName ? name : relative)) return rule.isNegated ? 'kept' : 'ignored';
  }
  return undefined;
}

function parseLine(line: string, ignoreCase: boolean): IgnoreRule | undefined {
  if (line.startsWith('#')) return undefined;
  let glob = withoutTrailingSpaces(line);
  const isNegated = glob.startsWith('!');
  if (isNegated) glob = glob.slice(1);
  const onlyDirectories = glob.endsWith('/');
  if (onlyDirectories) glob = glob.slice(0, -1);
  const onName = !glob.includes('/');
  if (glob.startsWith('/')) glob = glob.slice(1);
  if (glob === '') return undefined;
  const parts = parseGlob(glob, { hasBraces: false });
  return parts && { isNegated, onlyDirectories, onName, matches: globMatcher(parts, ignoreCase) };
}

/** Removes trailing spaces, except one that a backslash escapes. */
function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ') end--;
  const trimmed = line.slice(0, end);
  let backslashes = 0;
  while (trimmed[end - 1 - backslashes] === '\\') backslashes++;
  return trimmed.length < line.length && backslashes % 2 === 1 ? `${trimmed} ` : trimmed;
}
