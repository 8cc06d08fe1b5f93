/**
 * Parses the lines of a `.gitignore` into rules that match like git (`wildmatch` with path names). A rule matches one
 * path; as in git, the walk checks the folders above it. Pure.
 */

/** One line of an ignore file. */
export interface IgnoreRule {
  /** `!pattern`: a match is not ignored, even if an earlier rule ignores it. */
  readonly isNegated: boolean;
  readonly onlyDirectories: boolean;
  /** Whether to match the name alone, rather than the path from the ignore file's folder. */
  readonly onName: boolean;
  readonly pattern: RegExp;
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
    if (rule.pattern.test(rule.onName ? name : relative)) return rule.isNegated ? 'kept' : 'ignored';
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
  const source = globSource(glob);
  if (source === undefined) return undefined;
  return { isNegated, onlyDirectories, onName, pattern: new RegExp(`^${source}$`, ignoreCase ? 'isu' : 'su') };
}

/** Removes trailing spaces, except one that a backslash escapes. */
function withoutTrailingSpaces(line: string): string {
  const trimmed = line.replace(/ +$/, '');
  const backslashes = /\\+$/.exec(trimmed)?.[0].length ?? 0;
  return trimmed.length < line.length && backslashes % 2 === 1 ? `${trimmed} ` : trimmed;
}

/** The glob as the source of a regular expression, or `undefined` if it can match nothing. */
function globSource(glob: string): string | undefined {
  let source = '';
  for (let at = 0; at < glob.length;) {
    const character = glob[at] ?? '';
    if (character === '*') {
      const star = starSource(glob, at);
      source += star.source;
      at = star.end;
    } else if (character === '?') {
      source += '[^/]';
      at++;
    } else if (character === '[') {
      const bracket = bracketSource(glob, at);
      if (bracket === undefined) return undefined;
      source += bracket.source;
      at = bracket.end;
    } else {
      const isEscape = character === '\\';
      if (isEscape && at + 1 === glob.length) return undefined;
      const literal = String.fromCodePoint(glob.codePointAt(isEscape ? at + 1 : at) ?? 0);
      source += escapeLiteral(literal);
      at += literal.length + (isEscape ? 1 : 0);
    }
  }
  return source;
}

interface Piece {
  readonly source: string;
  /** The index at which the rest of the glob starts. */
  readonly end: number;
}

/** Two stars match across folders if they are a whole part of the path; otherwise they mean one star. */
function starSource(glob: string, start: number): Piece {
  let end = start;
  while (glob[end] === '*') end++;
  const opensPart = start === 0 || glob[start - 1] === '/';
  const closesPart = end === glob.length || glob[end] === '/';
  if (end - start < 2 || !opensPart || !closesPart) return { source: '[^/]*', end };
  return end === glob.length ? { source: '.*', end } : { source: '(?:.*/)?', end: end + 1 };
}

const CHARACTER_CLASSES: ReadonlyMap<string, string> = new Map([
  ['alnum', 'A-Za-z0-9'],
  ['alpha', 'A-Za-z'],
  ['blank', ' \\t'],
  ['cntrl', '\\x00-\\x1f\\x7f'],
  ['digit', '0-9'],
  ['graph', '\\x21-\\x7e'],
  ['lower', 'a-z'],
  ['print', '\\x20-\\x7e'],
  ['punct', '\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e'],
  ['space', '\\s'],
  ['upper', 'A-Z'],
  ['xdigit', '0-9A-Fa-f'],
]);

/** Translates a bracket expression; an unclosed one matches nothing. */
function bracketSource(glob: string, start: number): Piece | undefined {
  const isNegated = glob[start + 1] === '!' || glob[start + 1] === '^';
  const first = start + (isNegated ? 2 : 1);
  let body = '';
  let at = first;
  for (; at < glob.length && (glob[at] !== ']' || at === first);) {
    const named = /^\[:([a-z]+):\]/.exec(glob.slice(at));
    if (named !== null) {
      const members = CHARACTER_CLASSES.get(named[1] ?? '');
      if (members === undefined) return undefined;
      body += members;
      at += named[0].length;
      continue;
    }
    if (glob[at] === '\\') at++;
    const from = glob.codePointAt(at);
    if (from === undefined) return undefined;
    at += String.fromCodePoint(from).length;
    if (glob[at] !== '-' || at + 1 >= glob.length || glob[at + 1] === ']') {
      body += codePoint(from);
      continue;
    }
    at += glob[at + 1] === '\\' ? 2 : 1;
    const to = glob.codePointAt(at);
    if (to === undefined) return undefined;
    at += String.fromCodePoint(to).length;
    // A reversed range is empty.
    if (to >= from) body += `${codePoint(from)}-${codePoint(to)}`;
  }
  if (at >= glob.length) return undefined;
  return { source: `(?!/)[${isNegated ? '^' : ''}${body}]`, end: at + 1 };
}

function codePoint(value: number): string {
  return `\\u{${value.toString(16)}}`;
}

function escapeLiteral(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
