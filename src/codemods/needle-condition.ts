/**
 * Conditions made ready for many texts: each literal is looked up once a text, when a condition asks for it, and not at all where a
 * literal inside of it is nowhere. Pure.
 */
import { literalsOf, type Needle } from './needle.js';

/** A text in which strings can be looked up: bytes or characters. */
export interface Haystack<Pattern> {
  /** Where a string stands at or after a place; -1 where it does not. */
  indexOf(pattern: Pattern, from: number): number;
  /** The code of a character; below 128 the same for bytes and characters. `NaN` or undefined outside. */
  codeAt(index: number): number | undefined;
}

/** Whether a text meets a condition. */
export type Condition<Pattern> = (haystack: Haystack<Pattern>) => boolean;

/** Whether a text of characters meets any of the conditions. */
export function textCondition(needles: readonly Needle[]): (text: string) => boolean {
  const condition = conditionOf(needles, (literal) => literal);
  return (text) =>
    condition({ indexOf: (literal, from) => text.indexOf(literal, from), codeAt: (index) => text.charCodeAt(index) });
}

/**
 * Whether any of the conditions is met.
 * @param patternOf a literal as the texts are searched for it
 */
export function conditionOf<Pattern>(
  needles: readonly Needle[],
  patternOf: (literal: string) => Pattern,
): Condition<Pattern> {
  const literals = new Map<string, Literal<Pattern>>();
  // The shorter first, so that each knows the ones inside of it.
  for (const text of literalsOf(needles).sort((left, right) => left.length - right.length)) {
    const inside = [...literals.values()]
      .filter((other) => text.includes(other.text))
      .map((literal) => ({ literal, before: text.indexOf(literal.text) * MOST_BYTES }));
    literals.set(text, { text, pattern: patternOf(text), inside, place: UNKNOWN });
  }
  const known = [...literals.values()];
  const tests = needles.map((needle) => testOf(needle, (text) => literals.get(text) as Literal<Pattern>));
  return (haystack) => {
    for (const literal of known) literal.place = UNKNOWN;
    // Most conditions fail by a string that is nowhere: that is asked before the ends of any word are looked at.
    return tests.some((test) => test(haystack, false) && test(haystack, true));
  };
}

interface Literal<Pattern> {
  readonly text: string;
  readonly pattern: Pattern;
  /** Other literals that stand in this one, and how far in at most. */
  readonly inside: readonly { readonly literal: Literal<Pattern>; readonly before: number }[];
  /** Where it first stands in the text that is looked at. */
  place: number;
}

const UNKNOWN = -2;
const NOWHERE = -1;

/** Of a UTF-16 code unit in UTF-8. */
const MOST_BYTES = 3;

type Test<Pattern> = (haystack: Haystack<Pattern>, asWord: boolean) => boolean;

function testOf<Pattern>(needle: Needle, literalOf: (text: string) => Literal<Pattern>): Test<Pattern> {
  if (typeof needle === 'string') {
    const literal = literalOf(needle);
    return (haystack) => placeOf(literal, haystack) !== NOWHERE;
  }
  if ('word' in needle) {
    const literal = literalOf(needle.word);
    return (haystack, asWord) => {
      const place = placeOf(literal, haystack);
      return place !== NOWHERE && (!asWord || isWordFrom(haystack, literal, place));
    };
  }
  const parts = ('all' in needle ? needle.all : needle.any).map((part) => testOf(part, literalOf));
  return 'all' in needle
    ? (haystack, asWord) => parts.every((part) => part(haystack, asWord))
    : (haystack, asWord) => parts.some((part) => part(haystack, asWord));
}

function placeOf<Pattern>(literal: Literal<Pattern>, haystack: Haystack<Pattern>): number {
  if (literal.place === UNKNOWN) literal.place = search(literal, haystack);
  return literal.place;
}

function search<Pattern>({ pattern, inside }: Literal<Pattern>, haystack: Haystack<Pattern>): number {
  let from = 0;
  for (const { literal, before } of inside) {
    const place = placeOf(literal, haystack);
    if (place === NOWHERE) return NOWHERE;
    from = Math.max(from, place - before);
  }
  return haystack.indexOf(pattern, from);
}

/** Whether a name stands as a whole at a place where its letters stand, or further on. */
function isWordFrom<Pattern>(haystack: Haystack<Pattern>, { text, pattern }: Literal<Pattern>, first: number): boolean {
  for (let at = first; at !== NOWHERE; at = haystack.indexOf(pattern, at + 1)) {
    if (!isNameCharacter(haystack.codeAt(at + text.length)) && mayStartAt(haystack, at)) return true;
  }
  return false;
}

/** In the JSON of a notebook the `n` of a `\n` is no part of the name after it. */
function mayStartAt(haystack: Haystack<unknown>, at: number): boolean {
  if (!isNameCharacter(haystack.codeAt(at - 1))) return true;
  return (
    haystack.codeAt(at - 2) === BACKSLASH ||
    (haystack.codeAt(at - 6) === BACKSLASH && haystack.codeAt(at - 5) === LETTER_U)
  );
}

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

/** What is not ASCII counts as no part of a name: that finds too much, never too little. */
function isNameCharacter(code: number | undefined): boolean {
  if (code === undefined) return false;
  return (
    (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39) || code === 0x5f
  );
}
