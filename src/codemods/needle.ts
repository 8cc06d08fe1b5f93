/**
 * What a text must hold for a migration to have anything to do in it, as conditions that need no parser: literals, whole words,
 * and what joins them. A condition may hold too often, which costs time; it must never fail where there is a use. Pure.
 */

/** A literal stands anywhere; a word stands between characters that are in no name. */
export type Needle = string | { readonly word: string } | { readonly all: readonly Needle[] } | { readonly any: readonly Needle[] };

/** The name as a whole: `lr`, but neither `lrate` nor `clr`. */
export function word(name: string): Needle {
  return { word: name };
}

export function allOf(...needles: readonly Needle[]): Needle {
  return { all: needles };
}

export function anyOf(...needles: readonly Needle[]): Needle {
  return { any: needles };
}

/** A text in which strings can be looked up: bytes or characters. */
export interface Haystack {
  /** Where a string stands at or after a place; -1 where it does not. */
  indexOf(literal: string, from: number): number;
  /** The code of a character; below 128 the same for bytes and characters. `NaN` or undefined outside. */
  codeAt(index: number): number | undefined;
}

/** Whether any of the conditions is met. */
export function meetsAny(needles: readonly Needle[], haystack: Haystack): boolean {
  const places = new Map<string, number>();
  const placeOf = (literal: string): number => {
    let place = places.get(literal);
    if (place === undefined) places.set(literal, (place = haystack.indexOf(literal, 0)));
    return place;
  };
  const holds = (literal: string): boolean => placeOf(literal) !== -1;
  const holdsWord = (name: string): boolean => isWordFrom(haystack, name, placeOf(name));
  // Most conditions fail by a string that is nowhere: that is asked before the ends of any word are looked at.
  return needles.some((needle) => isMet(needle, holds, holds) && isMet(needle, holds, holdsWord));
}

/** A text of characters. */
export function textHaystack(text: string): Haystack {
  return { indexOf: (literal, from) => text.indexOf(literal, from), codeAt: (index) => text.charCodeAt(index) };
}

function isMet(needle: Needle, holds: (literal: string) => boolean, holdsWord: (name: string) => boolean): boolean {
  if (typeof needle === 'string') return holds(needle);
  if ('word' in needle) return holdsWord(needle.word);
  if ('all' in needle) return needle.all.every((part) => isMet(part, holds, holdsWord));
  return needle.any.some((part) => isMet(part, holds, holdsWord));
}

/** Whether a name stands as a whole at a place where its letters stand, or further on. */
function isWordFrom(haystack: Haystack, name: string, first: number): boolean {
  for (let at = first; at !== -1; at = haystack.indexOf(name, at + 1)) {
    if (!isNameCharacter(haystack.codeAt(at + name.length)) && mayStartAt(haystack, at)) return true;
  }
  return false;
}

/** In the JSON of a notebook the `n` of a `\n` is no part of the name after it. */
function mayStartAt(haystack: Haystack, at: number): boolean {
  if (!isNameCharacter(haystack.codeAt(at - 1))) return true;
  return haystack.codeAt(at - 2) === BACKSLASH || (haystack.codeAt(at - 6) === BACKSLASH && haystack.codeAt(at - 5) === LETTER_U);
}

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

/** What is not ASCII counts as no part of a name: that finds too much, never too little. */
function isNameCharacter(code: number | undefined): boolean {
  if (code === undefined) return false;
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39) || code === 0x5f;
}

/** Every string that conditions name. */
export function literalsOf(needles: readonly Needle[]): string[] {
  const literals = needles.flatMap((needle): string[] => {
    if (typeof needle === 'string') return [needle];
    if ('word' in needle) return [needle.word];
    return literalsOf('all' in needle ? needle.all : needle.any);
  });
  return [...new Set(literals)];
}
