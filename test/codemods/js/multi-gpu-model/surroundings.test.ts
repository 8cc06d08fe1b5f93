/** Puts every fixture inside other code: the output parses, is stable, and keeps every call. */
import { describe, expect, it } from 'vitest';

import { migrateText } from '../../../../src/codemods/engine.js';
import { parseJavaScript } from '../../../../src/codemods/js/syntax/parse.js';
import { javaScriptFixtures } from '../../../support/javascript-fixtures.js';

const SURROUNDINGS: ReadonlyMap<string, (body: string) => string> = new Map([
  ['an async function', (body) => `async function surrounding() {\n${body}}\n`],
  ['an exported arrow function', (body) => `export const surrounding = async () => {\n${body}};\n`],
  ['a callback', (body) => `describe('models', () => {\n  it('train', async () => {\n${body}  });\n});\n`],
  ['a branch', (body) => `if (enabled) {\n${body}}\n`],
  ['a loop', (body) => `for (const each of all) {\n${body}}\n`],
  ['a try statement', (body) => `try {\n${body}} finally {\n  end();\n}\n`],
  ['a switch', (body) => `switch (mode) {\n  case 1:\n${body}    break;\n}\n`],
  ['a method', (body) => `class Surrounding {\n  async run() {\n${body}  }\n}\n`],
  [
    'another scope',
    (body) => `import { strategy as other } from './strategy.js';\nother.run(async () => {\n${body}});\n`,
  ],
  ['itself twice', (body) => `async function one() {\n${body}}\nasync function two() {\n${body}}\n`],
]);

const fixtures = javaScriptFixtures('multi-gpu-model').filter(
  ({ fileName, input, expected }) => /\.[cm]?js$/.test(fileName) && input !== expected,
);
/** The names that a text uses without declaring them. A new one means that the migration lost a declaration. */
function globalsOf(text: string): Set<string> {
  const { scopeManager } = parseJavaScript('a.mjs', text);
  return new Set(scopeManager.globalScope?.through.map(({ identifier }) => identifier.name));
}

const LOADS =
  /^(?:#!.*|'use strict';|"use strict";|import [^;]*?from .*|import\{.*?;|(?:const|var) [^=]*= *(?:__importStar\()?require\(.*)$/gm;

describe.each([...SURROUNDINGS])('inside %s', (_name, surround) => {
  it.each(fixtures.map((fixture) => [fixture.name, fixture.input] as const))('%s', async (_fixture, input) => {
    const loads = (input.match(LOADS) ?? []).join('\n');
    const body = input
      .replace(LOADS, '')
      .replace(/^export default /gm, 'void ')
      .replace(/^export (?=async|function|const|class|let)/gm, '');
    if (/^(?:import|export)\b/m.test(body)) return;
    const text = `${loads}\n${surround(body)}`;
    const result = await migrateText('a.mjs', text, { only: ['multi-gpu-model'] });
    // Some inputs do not parse there: a class would be declared twice, or a directive come too late.
    if (result.error?.code !== 'SYNTAX') expect(result.error).toBeUndefined();
    const output = result.output ?? text;
    for (const method of ['fit', 'compile', 'evaluate', 'save', 'add']) {
      const count = (code: string): number => code.split(`.${method}(`).length;
      expect(count(output), method).toBe(count(text));
    }
    if (result.output === undefined) return;
    const before = globalsOf(text);
    expect([...globalsOf(output)].filter((name) => !before.has(name))).toEqual([]);
  });
});
