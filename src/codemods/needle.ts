/**
 * What a text must hold for a migration to have anything to do in it, as conditions that need no parser: literals, whole words,
 * and what joins them. A condition may hold too often, which costs time; it must never fail where there is a use. Pure.
 */

/** A literal stands anywhere; a word stands between characters that are in no name. */
export type Needle =
  string | { readonly word: string } | { readonly all: readonly Needle[] } | { readonly any: readonly Needle[] };

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

/** Every string that conditions name. */
export function literalsOf(needles: readonly Needle[]): string[] {
  const literals = needles.flatMap((needle): string[] => {
    if (typeof needle === 'string') return [needle];
    if ('word' in needle) return [needle.word];
    return literalsOf('all' in needle ? needle.all : needle.any);
  });
  return [...new Set(literals)];
}
