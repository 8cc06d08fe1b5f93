/** The pages about rules: generated sections are up to date, and every code block does what the page says. */
import { readdirSync, readFileSync } from 'node:fs';

import * as typescriptParser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';

import { renderRuleIndex, renderRulePage } from '../../scripts/docs/rule-page.js';
import plugin from '../../src/rules/index.js';
import { defined } from '../support/defined.js';

const FOLDER = new URL('../../docs/rules/', import.meta.url);
const OUT_OF_DATE = 'npm run docs';

/** One fenced block; `kind` is the second word after the fence. */
interface Block {
  readonly line: number;
  readonly language: string;
  readonly kind: string | undefined;
  readonly code: string;
}

const KINDS = ['incorrect', 'correct', 'fixed', 'suggested'];

function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^```(\w+)(?: (\w+))?\n([\s\S]*?)^```$/gm)].map((match) => ({
    line: page.slice(0, match.index).split('\n').length,
    language: defined(match[1]),
    kind: match[2],
    code: defined(match[3]),
  }));
}

function lint(name: string, { language, code }: Block): Linter.LintMessage[] {
  const typescript = language === 'ts' || language === 'tsx';
  return new Linter().verify(
    code,
    {
      files: ['**/*.{js,jsx,ts,tsx}'],
      plugins: { mirrorscope: plugin },
      rules: { [`mirrorscope/${name}`]: 'error' },
      languageOptions: typescript ? { parser: typescriptParser } : {},
    },
    `example.${language}`,
  );
}

function applied(code: string, fix: { range: readonly [number, number]; text: string }): string {
  return code.slice(0, fix.range[0]) + fix.text + code.slice(fix.range[1]);
}

function fixed(name: string, block: Block): string {
  let { code } = block;
  for (let pass = 0; pass < 10; pass++) {
    const fixes = lint(name, { ...block, code }).flatMap(({ fix }) => fix ?? []);
    if (fixes.length === 0) break;
    const [first] = fixes.sort((a, b) => a.range[0] - b.range[0]);
    code = applied(code, defined(first));
  }
  return code;
}

it('every rule has a page and every page a rule', () => {
  const pages = readdirSync(FOLDER).filter((file) => file !== 'README.md');
  expect(pages.sort()).toEqual(
    Object.keys(plugin.rules)
      .map((name) => `${name}.md`)
      .sort(),
  );
});

it('the list of rules is up to date', () => {
  const page = readFileSync(new URL('README.md', FOLDER), 'utf8');
  expect(renderRuleIndex(page, plugin), OUT_OF_DATE).toBe(page);
});

describe.each(Object.keys(plugin.rules))('%s', (name) => {
  const page = readFileSync(new URL(`${name}.md`, FOLDER), 'utf8');
  const blocks = blocksOf(page);

  /** The block that a `fixed` or `suggested` block shows the result of. */
  function incorrectBefore(block: Block): Block {
    const before = defined(blocks[blocks.indexOf(block) - 1]);
    expect(before.kind).toBe('incorrect');
    return before;
  }

  it('has up-to-date generated sections', () => {
    expect(renderRulePage(page, plugin, name), OUT_OF_DATE).toBe(page);
  });

  it('shows incorrect and correct code, and no other kind', () => {
    expect(blocks.filter(({ kind }) => kind === 'incorrect').length).toBeGreaterThan(0);
    expect(blocks.filter(({ kind }) => kind === 'correct').length).toBeGreaterThan(0);
    expect(blocks.filter(({ kind }) => kind !== undefined && !KINDS.includes(kind))).toEqual([]);
  });

  it.each(
    blocks
      .filter(({ kind }) => kind !== undefined)
      .map((block) => [`${block.kind} code in line ${block.line}`, block] as const),
  )('%s', (_title, block) => {
    const messages = lint(name, block);
    expect(messages.filter(({ fatal }) => fatal)).toEqual([]);
    switch (block.kind) {
      case 'incorrect':
        expect(messages.map(({ ruleId }) => ruleId)).toContain(`mirrorscope/${name}`);
        break;
      case 'correct':
        expect(messages).toEqual([]);
        break;
      case 'fixed':
        expect(fixed(name, incorrectBefore(block))).toBe(block.code);
        break;
      case 'suggested': {
        const before = incorrectBefore(block);
        const [suggestion] = lint(name, before).flatMap(({ suggestions }) => suggestions ?? []);
        expect(applied(before.code, defined(suggestion, 'The suggestion').fix)).toBe(block.code);
        expect(messages).toEqual([]);
        break;
      }
    }
  });
});
