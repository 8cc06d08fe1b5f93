/** Resolving a relative import without TypeScript gives the same file as TypeScript. */
import * as fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

import { resolveRelative, UNDECIDED } from '../../../../src/codemods/js/project/resolve-relative.js';

const ENDINGS = [
  '', '.js', '.jsx', '.mjs', '.cjs', '.ts', '.tsx', '.mts', '.cts', '.d.ts', '.d.mts', '.d.cts', '.json', '.css', '.d.css.ts', '.js.ts', '.min.js',
]; // prettier-ignore
const stems = fc.constantFrom('model', 'train', 'index', 'lib/model', 'lib/index', 'model/index');
const paths = fc.tuple(stems, fc.constantFrom(...ENDINGS)).map(([stem, ending]) => `/project/src/${stem}${ending}`);
const specifiers = fc
  .tuple(fc.constantFrom('./', '../src/', '../'), stems, fc.constantFrom(...ENDINGS))
  .map((parts) => parts.join(''));

function filesOf(names: readonly string[]) {
  const files = new Set(names);
  return {
    read: (file: string) => (files.has(file) ? '' : undefined),
    isDirectory: (folder: string) => names.some((file) => file.startsWith(`${folder}/`)),
  };
}

function byTypeScript(specifier: string, names: readonly string[]): string | undefined {
  const files = filesOf(names);
  const options = {
    allowJs: true,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    module: ts.ModuleKind.ESNext,
  };
  const host = {
    fileExists: (file: string) => files.read(file) !== undefined,
    readFile: files.read,
    directoryExists: files.isDirectory,
  };
  return ts.resolveModuleName(specifier, FROM, options, host).resolvedModule?.resolvedFileName;
}

const FROM = '/project/src/main.js';
const IGNORED = /\.(?:json|d\.[cm]?ts)$/;

describe('resolveRelative', () => {
  it('returns the file that TypeScript resolves to, or leaves the decision to TypeScript', () => {
    let decided = 0;
    fc.assert(
      fc.property(fc.uniqueArray(paths, { maxLength: 5 }), specifiers, (names, specifier) => {
        const file = resolveRelative(specifier, FROM, filesOf(names));
        if (file === UNDECIDED) return;
        decided += 1;
        // Files without code are not followed, whichever of the two finds them.
        const follow = (each: string | undefined) => (each === undefined || IGNORED.test(each) ? undefined : each);
        expect(follow(file)).toBe(follow(byTypeScript(specifier, names)));
      }),
      { numRuns: 3000 },
    );
    expect(decided).toBeGreaterThan(1500);
  });

  it.each(['./', '../src', '.', './lib'])('leaves the folder %s to TypeScript', (specifier) => {
    expect(resolveRelative(specifier, FROM, filesOf(['/project/src/lib/index.js']))).toBe(UNDECIDED);
  });
});
