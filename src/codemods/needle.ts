/**
 * Conditions on a text that can be checked without a parser: literals, whole words, and combinations of them. A
 * migration finds nothing in a text that none of its needles match. A needle that matches too often only costs time; a
 * needle that misses a use is a bug. Pure.
 */

/** A string matches anywhere in a text. A word matches only as a whole name. */
export type Needle =
  string | { readonly word: string } | { readonly all: readonly Needle[] } | { readonly any: readonly Needle[] };

/** Matches a whole name: `lr`, but neither `lrate` nor `clr`. */
export function word(name: string): Needle {
  return { word: name };
}

/** Matches when all of the needles match. */
export function allOf(...needles: readonly Needle[]): Needle {
  return { all: needles };
}

/** Matches when at least one of the needles matches. */
export function anyOf(...needles: readonly Needle[]): Needle {
  return { any: needles };
}

/** Every string in some needles, each once. */
export function literalsOf(needles: readonly Needle[]): string[] {
  const literals = needles.flatMap((needle): string[] => {
    if (typeof needle === 'string') return [needle];
    if ('word' in needle) return [needle.word];
    return literalsOf('all' in needle ? needle.all : needle.any);
  });
  return [...new Set(literals)];
}
