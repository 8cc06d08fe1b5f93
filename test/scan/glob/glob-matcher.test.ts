import type Picomatch from 'picomatch';

import { createRequire } from 'node:module';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { automatonFor } from '../../../src/scan/glob/glob-automaton.js';
import { globMatcher } from '../../../src/scan/glob/glob-matcher.js';
import { parseGlob } from '../../../src/scan/glob/parse-glob.js';

const picomatch = createRequire(import.meta.url)('picomatch') as typeof Picomatch;

const WITH_BRACES = { hasBraces: true };

function matches(glob: string, path: string, ignoreCase = false): boolean {
  const parts = parseGlob(glob, WITH_BRACES);
  return parts !== undefined && globMatcher(parts, ignoreCase)(path);
}

describe('globs', () => {
  it.each([
    ['src', 'src', true],
    ['src', 'src/a', false],
    ['*.js', 'a.js', true],
    ['*.js', '.js', true],
    ['*.js', 'a/b.js', false],
    ['a*', 'a/b', false],
    ['a*c', 'abc', true],
    ['a*c', 'a/c', false],
    ['aa*a', 'aa', false],
    ['?', '/', false],
    ['?', '\u{1f600}', true],
    ['[!a]', '/', false],
    ['[^a-c]x', 'dx', true],
    ['[[:digit:]]', '7', true],
    ['[]]', ']', true],
    ['[a', '[a', false],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['**/b', 'b', true],
    ['**/b', 'a/c/b', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**', 'a', false],
    ['a/**', 'a/b/c', true],
    ['a**', 'a/b', false],
    ['*.{js,ts}', 'a.ts', true],
    ['{a,b/{c,d}}/e', 'b/d/e', true],
    ['{a', '{a', true],
    ['{a}', '{a}', true],
  ])('%s and %s: %s', (glob, path, expected) => {
    expect(matches(glob, path)).toBe(expected);
  });

  it('ignores case where asked to', () => {
    expect(matches('Sr[a-c]', 'sRB', true)).toBe(true);
    expect(matches('[!a]', 'A', true)).toBe(false);
    expect(matches('É', 'é', true)).toBe(true);
  });

  it('gives the same answer with and without the automaton, and as a well-known library', () => {
    const piece = fc.constantFrom('a', 'b', '*', '?', '/', '[ab]', '[^a]', '**/', '/**/', '{a,b*}', '.');
    const path = fc.stringMatching(/^[ab.]{1,4}(\/[ab.]{1,3}){0,3}$/);
    const isSpecial = (text: string): boolean =>
      /\*{3}|(^|\/)\.\.?(\/|$)|\/\/|\*\*|^\/|\/$|\]\*|\}\*|\?\*|\*[?[{]/.test(text);
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), path, (pieces, text) => {
        const glob = pieces.join('');
        const parts = parseGlob(glob, WITH_BRACES);
        if (parts === undefined) return;
        expect(globMatcher(parts)(text)).toBe(automatonFor(parts, false)(text));
        // The library treats dot folders and empty parts of a path in ways of its own.
        if (isSpecial(glob) || isSpecial(text)) return;
        expect(globMatcher(parts)(text), `${glob} ${text}`).toBe(picomatch(glob, { dot: true })(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('takes linear time for globs that would be exponential with backtracking', () => {
    const path = 'a'.repeat(4000);
    const started = performance.now();
    for (const glob of [`${'*a'.repeat(60)}b`, `${'**/a*/'.repeat(30)}b`, `${'{a,a*}'.repeat(30)}b`])
      expect(matches(glob, path)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
