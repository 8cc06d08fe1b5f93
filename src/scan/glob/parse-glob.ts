/** Parses a glob into its parts. Pure. */
import type { GlobPart } from './glob-part.js';

import { readBracketExpression } from './bracket-expression.js';

/** Which of the two dialects a glob is written in. */
export interface GlobDialect {
  /** Whether `{a,b}` means a choice. In ignore files it is plain text. */
  readonly hasBraces: boolean;
}

/** `?` matches every character; like all parts for one character, it never matches a slash. */
const ANY_CHARACTER: GlobPart = { kind: 'one', isNegated: true, ranges: [] };

/**
 * Parses a glob.
 *
 * @param glob - The glob, with forward slashes.
 * @param dialect - What it may contain.
 * @returns Its parts; `undefined` if it can match nothing.
 */
export function parseGlob(glob: string, dialect: GlobDialect): readonly GlobPart[] | undefined {
  return new GlobParser(glob, dialect).parse();
}

class GlobParser {
  readonly #glob: string;
  readonly #hasBraces: boolean;
  #at = 0;

  constructor(glob: string, { hasBraces }: GlobDialect) {
    this.#glob = glob;
    this.#hasBraces = hasBraces;
  }

  parse(): readonly GlobPart[] | undefined {
    return this.#parts(0);
  }

  /** Reads up to the end, or inside braces up to the next comma or closing brace. */
  #parts(depth: number): GlobPart[] | undefined {
    const parts: GlobPart[] = [];
    while (this.#at < this.#glob.length) {
      const character = this.#glob[this.#at];
      if (depth > 0 && (character === ',' || character === '}')) return parts;
      const part = this.#part(depth);
      if (part === undefined) return undefined;
      const last = parts.at(-1);
      // Neighbouring characters form one text, and two stars in a row mean one.
      if (part.kind === 'text' && last?.kind === 'text')
        parts[parts.length - 1] = { kind: 'text', text: last.text + part.text };
      else if (part.kind !== 'star' || last?.kind !== 'star') parts.push(part);
    }
    return parts;
  }

  #part(depth: number): GlobPart | undefined {
    const character = this.#glob[this.#at];
    if (character === '*') return this.#stars();
    if (character === '?') {
      this.#at++;
      return ANY_CHARACTER;
    }
    if (character === '[') {
      const bracket = readBracketExpression(this.#glob, this.#at);
      if (bracket !== undefined) this.#at = bracket.end;
      return bracket?.part;
    }
    if (character === '{' && this.#hasBraces) return this.#choice(depth);
    if (character === '\\') this.#at++;
    const value = this.#glob.codePointAt(this.#at);
    // A backslash at the end escapes nothing.
    if (value === undefined) return undefined;
    const text = String.fromCodePoint(value);
    this.#at += text.length;
    return { kind: 'text', text };
  }

  /** Two stars match across folders if they are a whole part of the path; otherwise they mean one star. */
  #stars(): GlobPart {
    const start = this.#at;
    while (this.#glob[this.#at] === '*') this.#at++;
    const opensPart = start === 0 || this.#glob[start - 1] === '/';
    const isAtEnd = this.#at === this.#glob.length;
    if (this.#at - start < 2 || !opensPart || (!isAtEnd && this.#glob[this.#at] !== '/')) return { kind: 'star' };
    if (isAtEnd) return { kind: 'everything' };
    this.#at++;
    return { kind: 'folders' };
  }

  /** A brace that is not closed is plain text, and so are braces around a single glob. */
  #choice(depth: number): GlobPart | undefined {
    const start = this.#at;
    const globs: (readonly GlobPart[])[] = [];
    do {
      this.#at++;
      const parts = this.#parts(depth + 1);
      if (parts === undefined) return undefined;
      globs.push(parts);
    } while (this.#glob[this.#at] === ',');
    if (this.#glob[this.#at] === '}' && globs.length > 1) {
      this.#at++;
      return { kind: 'choice', globs };
    }
    this.#at = start + 1;
    return { kind: 'text', text: '{' };
  }
}
