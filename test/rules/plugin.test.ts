/** The plugin in ESLint 9 and 10: its metadata, presets and settings. */
import { Linter as Linter10, type Rule } from 'eslint';
import { defineConfig as defineConfig10 } from 'eslint/config';
import { Linter as Linter9 } from 'eslint9';
import { defineConfig as defineConfig9 } from 'eslint9/config';
import { describe, expect, it } from 'vitest';

import packageJson from '../../package.json' with { type: 'json' };
import plugin from '../../src/rules/index.js';
import { defined } from '../support/defined.js';

const LINTERS: readonly (readonly [string, typeof Linter10, typeof defineConfig10])[] = [
  ['ESLint 9', Linter9 as unknown as typeof Linter10, defineConfig9],
  ['ESLint 10', Linter10, defineConfig10],
];

const MISPLACED = `import * as tf from '@tensorflow/tfjs';
import { MirroredStrategy } from 'mirrorscope';
const strategy = new MirroredStrategy();
const model = tf.sequential();
await model.fit(x, y);
`;

describe('the plugin', () => {
  it('has a name, a version and a namespace', () => {
    expect(plugin.meta).toEqual({ name: 'mirrorscope', version: packageJson.version, namespace: 'mirrorscope' });
  });

  it('has every rule in every preset', () => {
    const names = Object.keys(plugin.rules).map((name) => `mirrorscope/${name}`);
    for (const preset of Object.values(plugin.configs))
      expect(Object.keys(preset.rules ?? {}).sort()).toEqual([...names].sort());
  });

  it('enables the rules that are marked as recommended', () => {
    for (const [name, rule] of Object.entries<Rule.RuleModule>(plugin.rules)) {
      expect(plugin.configs.recommended.rules?.[`mirrorscope/${name}`]).toBe(
        rule.meta?.docs?.recommended === true ? 'error' : 'off',
      );
    }
  });
});

describe.each(Object.entries<Rule.RuleModule>(plugin.rules))('meta of %s', (name, { meta }) => {
  it('is complete', () => {
    const { type, docs, schema, defaultOptions, languages } = defined(meta);
    expect(type).toMatch(/^(?:problem|suggestion)$/);
    expect(docs?.description).toBeTypeOf('string');
    expect(docs?.url).toContain(`docs/rules/${name}.md`);
    expect(docs?.recommended).toBeTypeOf('boolean');
    const [options, ...others] = defined(schema) as { description?: string }[];
    expect(options).toMatchObject({ type: 'object', additionalProperties: false });
    expect(options?.description).toBeTypeOf('string');
    expect(others).toEqual([]);
    expect(defaultOptions).toHaveLength(1);
    expect(defaultOptions?.[0]).toBeTypeOf('object');
    expect(languages).toEqual(['js/js']);
    expect(() => new URL(defined(meta?.docs?.url))).not.toThrow();
  });

  it('describes each option', () => {
    const [schema] = defined(meta).schema as { properties: Record<string, { description?: string }> }[];
    for (const [option, { description }] of Object.entries(defined(schema).properties))
      expect(description, option).toMatch(/\.$/);
  });
});

describe.each(LINTERS)('in %s', (_name, Linter, defineConfig) => {
  const rulesReported = (code: string, ...config: Linter10.Config[]): (string | null)[] =>
    new Linter().verify(code, config).map(({ ruleId }) => ruleId);

  it('a preset enables rules', () => {
    expect(rulesReported(MISPLACED, plugin.configs.recommended)).toEqual(['mirrorscope/create-model-in-scope']);
  });

  it('strict reports more than recommended', () => {
    const code = MISPLACED.replace('const model', 'strategy.scope(() => tf.sequential());\nconst model');
    expect(rulesReported(code, plugin.configs.recommended)).toEqual([]);
    expect(rulesReported(code, plugin.configs.strict)).toEqual(['mirrorscope/create-model-in-scope']);
  });

  it('a preset can be extended by its value and by its name', () => {
    const byName = defineConfig({ plugins: { mirrorscope: plugin }, extends: ['mirrorscope/recommended'] });
    expect(rulesReported(MISPLACED, ...byName)).toEqual(['mirrorscope/create-model-in-scope']);
    const inFolder = defineConfig({ files: ['other/**'], extends: [plugin.configs.recommended] });
    expect(rulesReported(MISPLACED, ...inFolder)).toEqual([]);
  });

  it('a preset ignores files of other languages', () => {
    const toy = {
      fileType: 'text',
      lineStart: 1,
      columnStart: 1,
      nodeTypeKey: 'type',
      validateLanguageOptions: () => undefined,
      parse: () => ({ ok: true, ast: { type: 'toy' } }),
      createSourceCode: ({ text }: { text: string }) => ({
        text,
        ast: { type: 'toy' },
        traverse: () => [],
        getLoc: () => undefined,
        getRange: () => undefined,
      }),
    };
    const config = [
      plugin.configs.recommended,
      { files: ['**/*.json'], plugins: { toy: { languages: { toy } } }, language: 'toy/toy' },
    ] as unknown as Linter10.Config[];
    expect(new Linter().verify('{}', config, { filename: 'a.json' })).toEqual([]);
  });

  it('the plugin can have another namespace', () => {
    const config = {
      plugins: { scopes: plugin },
      rules: { 'scopes/create-model-in-scope': 'error' },
    } satisfies Linter10.Config;
    expect(rulesReported(MISPLACED, config)).toEqual(['scopes/create-model-in-scope']);
  });

  it('an unknown option is an error', () => {
    const config = {
      ...plugin.configs.recommended,
      rules: { 'mirrorscope/no-multi-gpu-model': ['error', { module: ['x'] }] },
    } satisfies Linter10.Config;
    expect(() => rulesReported('', config)).toThrow(/module/);
  });

  it.each([
    ['of another type', 3, /must be an object/],
    ['with an unknown property', { module: ['x'] }, /unknown property "module"/],
    ['with a wrong value', { modules: 'x' }, /modules must be an array/],
    ['with another wrong value', { followImports: 'no' }, /followImports must be true or false/],
  ])('settings %s are an error', (_what, mirrorscope, message) => {
    const config: Linter10.Config[] = [plugin.configs.recommended, { settings: { mirrorscope } }];
    expect(() => new Linter().verify('multiGpuModel;', config)).toThrow(message);
  });

  it.each(Object.keys(plugin.rules))('%s visits no node in a file without its keywords', (name) => {
    const rule = defined((plugin.rules as Record<string, Rule.RuleModule>)[name]);
    const visited: string[][] = [];
    const watched: Rule.RuleModule = {
      ...rule,
      create(context) {
        const visitors = rule.create(context);
        visited.push(Object.keys(visitors));
        return visitors;
      },
    };
    rulesReported("import a from 'other'; a.b();", {
      plugins: { watched: { rules: { [name]: watched } } },
      rules: { [`watched/${name}`]: 'error' },
    });
    expect(visited).toEqual([[]]);
  });

  it('settings are not read for files without relevant keywords', () => {
    expect(rulesReported('const a = 1;', plugin.configs.recommended, { settings: { mirrorscope: 3 } })).toEqual([]);
  });
});
