/** Every way in which a name can come from a module, and names that only look as if they did. */
import { describe, expect, it } from 'vitest';

import { findOrigins } from '../../../../src/codemods/js/origins/find-origins.js';
import { memberPath, type OriginQuery } from '../../../../src/codemods/js/origins/origin.js';
import { parseJavaScript } from '../../../../src/codemods/js/syntax/parse.js';

const MODULES = new Set(['@tensorflow/tfjs', 'keras']);
const query: OriginQuery = { isModule: (specifier) => MODULES.has(specifier) };

/** The text of each use that ends at the member `f`, with its module. */
function usesOfF(text: string, path = 'a.ts', using = query): string[] {
  const source = parseJavaScript(path, text);
  return findOrigins(source, using)
    .references.filter(({ origin }) => memberPath(origin.path).at(-1) === 'f')
    .map(({ node, usage }) => `${usage}: ${text.slice(...node.range)}`);
}

describe('findOrigins', () => {
  it.each([
    ['named', `import { f } from 'keras'; f(1);`, ['value: f']],
    ['aliased', `import { f as g } from 'keras'; g(1);`, ['value: g']],
    ['string-named', `import { 'f' as g } from 'keras'; g(1);`, ['value: g']],
    ['default', `import k from 'keras'; k.f(1);`, ['value: k.f']],
    ['default, named so', `import { default as k } from 'keras'; k.f(1);`, ['value: k.f']],
    ['namespace', `import * as k from 'keras'; k.utils.f(1);`, ['value: k.utils.f']],
    ['computed member', `import * as k from 'keras'; k['utils'][\`f\`](1);`, [`value: k['utils'][\`f\`]`]],
    ['optional chaining', `import * as k from 'keras'; k?.utils?.f?.(1);`, ['value: k?.utils?.f']],
    ['import equals', `import k = require('keras'); k.f(1);`, ['value: k.f']],
    ['require, whole', `const k = require('keras'); k.f(1);`, ['value: k.f']],
    ['require, destructured', `const { f } = require('keras'); f(1);`, ['value: f']],
    ['require, renamed', `const { f: g } = require('keras'); g(1);`, ['value: g']],
    ['require, nested pattern', `const { utils: { f } } = require('keras'); f(1);`, ['value: f']],
    ['require, pattern with default', `const { f = null } = require('keras'); f(1);`, ['value: f']],
    ['require, rest', `const { a, ...k } = require('keras'); k.f(1);`, ['value: k.f']],
    ['require, member', `require('keras').f(1);`, [`value: require('keras').f`]],
    ['require, member alias', `const g = require('keras').f; g(1);`, [`value: require('keras').f`, 'value: g']],
    ['createRequire', `const r = createRequire(import.meta.url); r('keras').f(1);`, [`value: r('keras').f`]],
    ['import(), awaited', `const k = await import('keras'); k.f(1);`, ['value: k.f']],
    ['import(), destructured', `const { f } = await import('keras'); f(1);`, ['value: f']],
    ['import(), member', `(await import('keras')).f(1);`, [`value: (await import('keras')).f`]],
    ['import(), then', `import('keras').then((k) => k.f(1));`, ['value: k.f']],
    ['import(), then pattern', `import('keras').then(({ f }) => f(1));`, ['value: f']],
    ['import(), then function', `import('keras').then(function ({ f: g }) { g(1); });`, ['value: g']],
    ['import(), then awaited', `const f = await import('keras').then((k) => k.default); f.f(1);`, ['value: f.f']],
    ['alias', `import * as k from 'keras'; const g = k.f; g(1);`, ['value: k.f', 'value: g']],
    ['alias of namespace', `import * as k from 'keras'; const { utils } = k; utils.f(1);`, ['value: utils.f']],
    ['let with one value', `let k; k = require('keras'); k.f(1);`, ['value: k.f']],
    [
      'fallback',
      `let k; try { k = require('@tensorflow/tfjs'); } catch { k = require('keras'); } k.f(1);`,
      ['value: k.f'],
    ],
    ['interop star', `const k = __importStar(require('keras')); k.f(1);`, ['value: k.f']],
    ['interop default', `const k = _interopRequireDefault(require('keras')); k.default.f(1);`, ['value: k.default.f']],
    [
      'interop tslib',
      `const k = tslib_1.__importDefault(require('keras')); (0, k.default.f)(1);`,
      ['value: k.default.f'],
    ],
    ['type', `import { f } from 'keras'; let a: f;`, ['type: f']],
    ['qualified type', `import * as k from 'keras'; let a: k.f<string>;`, ['type: k.f']],
    ['import type', `let a: import('keras').f;`, [`type: import('keras').f`]],
    ['type import', `import type { f } from 'keras'; type A = typeof f;`, ['type: f']],
    ['import equals alias', `import * as k from 'keras'; import F = k.f; new F();`, ['value: k.f', 'value: F']],
    ['superclass', `import { f } from 'keras'; class A extends f {}`, ['value: f']],
    ['export', `import { f } from 'keras'; export { f };`, ['export: f']],
    ['as, !, satisfies', `import * as k from 'keras'; (k as any).f!(1);`, ['value: (k as any).f']],
  ])('follows %s', (_name, text, expected) => {
    expect(usesOfF(text)).toEqual(expected);
  });

  it.each([
    ['another module', `import { f } from './mine'; f(1);`],
    ['a local function', `function f() {} f(1);`],
    ['a shadowing parameter', `import { f } from 'keras'; function g(f) { return f(1); }`],
    ['a shadowing block', `import * as k from 'keras'; { const k = mine(); k.f(1); }`],
    ['a local require', `function g(require) { return require('keras').f(1); }`],
    ['a computed member', `import * as k from 'keras'; k[f](1);`],
    ['a variable that is given another value', `let k = require('keras'); k = mine; k.f(1);`],
    ['a computed specifier', `const k = require('ker' + 'as'); k.f(1);`],
    ['a comment or a string', `// require('keras').f(1)\nconst a = "require('keras').f(1)";`],
    ['an object key', `import { g } from 'keras'; a = { f: 1 }; a.f(1);`],
    ['names of Object.prototype', `import k from 'keras'; toString(); constructor(k);`],
  ])('ignores %s', (_name, text) => {
    expect(usesOfF(text)).toEqual([]);
  });

  it('reports bindings with their specifier and declaration', () => {
    const text = `import k, { f as g } from 'keras';\nconst { utils: { h } } = k, a = k.b;\n`;
    const { bindings } = findOrigins(parseJavaScript('a.mjs', text), query);
    expect(
      bindings.map(({ kind, origin, identifier, node }) => [
        kind,
        origin.path.join('.'),
        identifier.name,
        text.slice(...node.range),
      ]),
    ).toEqual([
      ['import-default', 'default', 'k', 'k'],
      ['import-named', 'f', 'g', 'f as g'],
      ['destructured', 'default.utils.h', 'h', 'h'],
      ['variable', 'default.b', 'a', 'a = k.b'],
    ]);
  });

  it('reports re-exports', () => {
    const text = `export { f as g } from 'keras'; export * from 'keras'; export * as k from 'keras'; export type { M } from 'keras';`;
    const { reExports } = findOrigins(parseJavaScript('a.ts', text), query);
    expect(reExports.map(({ origin, exported, typeOnly }) => [origin.path.join('.'), exported, typeOnly])).toEqual([
      ['f', 'g', false],
      ['', '*', false],
      ['', 'k', false],
      ['M', 'M', true],
    ]);
  });

  it('follows local modules through a redirect', () => {
    const redirect: OriginQuery['redirect'] = ({ module, path }) =>
      module === './compat' && path[0] === 'multi' ? { module: 'keras', path: ['f', ...path.slice(1)] } : undefined;
    const text = `import { multi, other } from './compat'; multi(1); other(2);`;
    expect(usesOfF(text, 'a.ts', { ...query, redirect })).toEqual(['value: multi']);
    expect(usesOfF(`import * as c from './compat'; c.multi(1);`, 'a.ts', { ...query, redirect })).toEqual([
      'value: c.multi',
    ]);
  });
});
