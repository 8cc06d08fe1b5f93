/** What a glob consists of. Types only. */

/** Inclusive bounds of code points. */
export type CodePointRange = readonly [from: number, to: number];

/** One part of a glob. A glob matches a path if its parts, in order, match all of it. */
export type GlobPart =
  /** Exactly this text. */
  | { readonly kind: 'text'; readonly text: string }
  /** `?` or a bracket expression: one character, but never a slash. */
  | { readonly kind: 'one'; readonly isNegated: boolean; readonly ranges: readonly CodePointRange[] }
  /** `*`: any number of characters, but no slash. */
  | { readonly kind: 'star' }
  /** A final `**`: everything. */
  | { readonly kind: 'everything' }
  /** `**` and the slash after it: any number of folders, or none. */
  | { readonly kind: 'folders' }
  /** `{a,b}`: one of several globs. */
  | { readonly kind: 'choice'; readonly globs: readonly (readonly GlobPart[])[] };
