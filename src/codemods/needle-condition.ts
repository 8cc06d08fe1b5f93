/**
 * Compiles needles into a condition for many texts. Each literal is searched at most once per text, and not at all when
 * a shorter literal inside it does not occur. Pure.
 */
import { literalsOf, type Needle } from './needle.js';

/** A text that can be searched: bytes or characters. */
export interface Haystack<Pattern> {
  /** The index of a string at or after another index; -1 when it does not occur. */
  indexOf(pattern: Pattern, from: number): number;
  /** The code of a character. Below 128, bytes and characters agree. `NaN` or undefined outside the text. */
  codeAt(index: number): number | undefined;
}

/** Whether a text meets a condition. */
export type Condition<Pattern> = (haystack: Haystack<Pattern>) => boolean;

/**
 * Compiles needles into a condition on strings.
 *
 * @param needles - The needles.
 * @returns Whether a text matches at least one of them.
 */
export function textCondition(needles: readonly Needle[]): (text: string) => boolean {
  const condition = conditionOf(needles, (literal) => literal);
  return (text) =>
    condition({ indexOf: (literal, from) => text.indexOf(literal, from), codeAt: (index) => text.charCodeAt(index) });
}

/**
 * Compiles needles into a condition.
 *
 * @param needles - The needles.
 * @param patternOf - Turns a literal into the form that the text is searched for.
 * @returns Whether a text matches at least one of the needles.
 */
export function conditionOf<Pattern>(
  needles: readonly Needle[],
  patternOf: (literal: string) => Pattern,
): Condition<Pattern> {
  const literals = new Map<string, Literal<Pattern>>();
  // The shorter ones come first, so that each literal finds the ones inside it.
  for (const text of literalsOf(needles).sort((left, right) => left.length - right.length)) {
    const inside = [...literals.values()]
      .filter((other) => text.includes(other.text))
      .map((literal) => ({ literal, before: text.indexOf(literal.text) * MAX_BYTES_PER_UNIT }));
    literals.set(text, { text, pattern: patternOf(text), inside, index: UNKNOWN });
  }
  const known = [...literals.values()];
  const tests = needles.map((needle) => testOf(needle, (text) => literals.get(text) as Literal<Pattern>));
  return (haystack) => {
    for (const literal of known) literal.index = UNKNOWN;
    // Most conditions fail because a string does not occur. That is cheaper to check than the ends of words, so it
    // comes first.
    return tests.some((test) => test(haystack, false) && test(haystack, true));
  };
}

interface Literal<Pattern> {
  readonly text: string;
  readonly pattern: Pattern;
  /** Other literals inside this one, and the most bytes or characters that can precede them in it. */
  readonly inside: readonly { readonly literal: Literal<Pattern>; readonly before: number }[];
  /** Its first index in the current text. */
  index: number;
}

const UNKNOWN = -2;
const NOWHERE = -1;

/** The most bytes that one UTF-16 code unit takes in UTF-8. */
const MAX_BYTES_PER_UNIT = 3;

type Test<Pattern> = (haystack: Haystack<Pattern>, asWord: boolean) => boolean;

function testOf<Pattern>(needle: Needle, literalOf: (text: string) => Literal<Pattern>): Test<Pattern> {
  if (typeof needle === 'string') {
    const literal = literalOf(needle);
    return (haystack) => firstIndex(literal, haystack) !== NOWHERE;
  }
  if ('word' in needle) {
    const literal = literalOf(needle.word);
    return (haystack, asWord) => {
      const index = firstIndex(literal, haystack);
      return index !== NOWHERE && (!asWord || isWordFrom(haystack, literal, index));
    };
  }
  const parts = ('all' in needle ? needle.all : needle.any).map((part) => testOf(part, literalOf));
  return 'all' in needle
    ? (haystack, asWord) => parts.every((part) => part(haystack, asWord))
    : (haystack, asWord) => parts.some((part) => part(haystack, asWord));
}

function firstIndex<Pattern>(literal: Literal<Pattern>, haystack: Haystack<Pattern>): number {
  if (literal.index === UNKNOWN) literal.index = search(literal, haystack);
  return literal.index;
}

function search<Pattern>({ pattern, inside }: Literal<Pattern>, haystack: Haystack<Pattern>): number {
  let from = 0;
  for (const { literal, before } of inside) {
    const index = firstIndex(literal, haystack);
    if (index === NOWHERE) return NOWHERE;
    from = Math.max(from, index - before);
  }
  return haystack.indexOf(pattern, from);
}

/** Whether a name occurs as a whole, at its first index or later. */
function isWordFrom<Pattern>(haystack: Haystack<Pattern>, { text, pattern }: Literal<Pattern>, first: number): boolean {
  for (let at = first; at !== NOWHERE; at = haystack.indexOf(pattern, at + 1)) {
    if (!isNameCharacter(haystack.codeAt(at + text.length)) && canStartAt(haystack, at)) return true;
  }
  return false;
}

/** In the JSON of a notebook, an escape (`\n`, `\u000a`) does not belong to the name after it. */
function canStartAt(haystack: Haystack<unknown>, at: number): boolean {
  if (!isNameCharacter(haystack.codeAt(at - 1))) return true;
  if (haystack.codeAt(at - 2) === BACKSLASH) return true;
  const hasUnicodeEscape = haystack.codeAt(at - 6) === BACKSLASH && haystack.codeAt(at - 5) === LETTER_U;
  return hasUnicodeEscape && [4, 3, 2, 1].every((back) => isHexDigit(haystack.codeAt(at - back)));
}

function isHexDigit(code = 0): boolean {
  return /[0-9a-f]/i.test(String.fromCharCode(code));
}

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

/** Non-ASCII characters never count as part of a name, so a search can find too much, but never too little. */
function isNameCharacter(code: number | undefined): boolean {
  if (code === undefined) return false;
  return (
    (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39) || code === 0x5f
  );
}
