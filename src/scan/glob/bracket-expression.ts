/** Reads the bracket expressions of globs, e.g. `[!a-z[:digit:]]`, as git and POSIX do. Pure. */
import type { CodePointRange, GlobPart } from './glob-part.js';

const CHARACTER_CLASSES: ReadonlyMap<string, readonly CodePointRange[]> = new Map([
  ['alnum', rangesOf('AZ', 'az', '09')],
  ['alpha', rangesOf('AZ', 'az')],
  ['blank', rangesOf('  ', '\t\t')],
  ['cntrl', rangesOf('\0\x1f', '\x7f\x7f')],
  ['digit', rangesOf('09')],
  ['graph', rangesOf('!~')],
  ['lower', rangesOf('az')],
  ['print', rangesOf(' ~')],
  ['punct', rangesOf('!/', ':@', '[`', '{~')],
  ['space', rangesOf('\t\r', '  ')],
  ['upper', rangesOf('AZ')],
  ['xdigit', rangesOf('09', 'AF', 'af')],
]);

/** Each text holds the first and the last character of a range. */
function rangesOf(...bounds: readonly string[]): CodePointRange[] {
  return bounds.map((text) => [text.charCodeAt(0), text.charCodeAt(1)]);
}

/** A part of a glob, and the index at which the rest of the glob starts. */
interface ReadPart {
  readonly part: GlobPart;
  readonly end: number;
}

/**
 * Reads a bracket expression.
 *
 * @param glob - The whole glob.
 * @param start - The index of the opening bracket.
 * @returns The part; `undefined` if the expression is not closed or is wrong, so that the glob matches nothing.
 */
export function readBracketExpression(glob: string, start: number): ReadPart | undefined {
  const isNegated = glob[start + 1] === '!' || glob[start + 1] === '^';
  const first = start + (isNegated ? 2 : 1);
  const ranges: CodePointRange[] = [];
  let at = first;
  /** Reads one character, which a backslash may escape. */
  const character = (): number | undefined => {
    if (glob[at] === '\\') at++;
    const value = glob.codePointAt(at);
    if (value !== undefined) at += value > 0xffff ? 2 : 1;
    return value;
  };
  while (at < glob.length && (glob[at] !== ']' || at === first)) {
    const named = /^\[:([a-z]+):\]/.exec(glob.slice(at, at + 16));
    if (named !== null) {
      const members = CHARACTER_CLASSES.get(named[1] ?? '');
      if (members === undefined) return undefined;
      ranges.push(...members);
      at += named[0].length;
      continue;
    }
    const from = character();
    if (from === undefined) return undefined;
    if (glob[at] !== '-' || at + 1 >= glob.length || glob[at + 1] === ']') {
      ranges.push([from, from]);
      continue;
    }
    at++;
    const to = character();
    if (to === undefined) return undefined;
    // A reversed range is empty.
    if (to >= from) ranges.push([from, to]);
  }
  return at >= glob.length ? undefined : { part: { kind: 'one', isNegated, ranges }, end: at + 1 };
}
