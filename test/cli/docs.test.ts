import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { renderCliPage } from '../../scripts/docs/cli-page.js';
import { OPTIONS } from '../../src/cli/arguments/option-table.js';
import { COMMANDS } from '../../src/cli/command-table.js';
import { loadConfiguration } from '../../src/cli/config/load-configuration.js';
import { REFUSAL_ADVICE } from '../../src/codemods/refusal-advice-table.js';
import { RefusalReason } from '../../src/codemods/refusal-reason.js';
import { ErrorCode } from '../../src/errors/error-code.js';
import { ERROR_HINTS } from '../../src/errors/error-hints-table.js';
import { MirrorscopeError } from '../../src/errors/mirrorscope-error.js';
import { REPORT_FORMATS } from '../../src/report/formats-table.js';
import { temporaryTree } from '../scan/temporary-tree.js';

function page(name: string): string {
  return readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
}

/** The sections of a page, by heading. */
function sections(text: string): Map<string, string> {
  return new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('\n')).trim(), section.slice(section.indexOf('\n')).trim()]),
  );
}

describe('docs/refusals.md', () => {
  it('has exactly one section with advice for each reason', () => {
    const written = sections(page('refusals.md'));
    expect([...written.keys()].sort()).toEqual(Object.values(RefusalReason).sort());
    for (const [reason, text] of written) expect(text, reason).toMatch(/\*\*What to do:\*\* \S/);
    expect([...REFUSAL_ADVICE.keys()].sort()).toEqual(Object.values(RefusalReason).sort());
  });
});

describe('docs/errors.md', () => {
  it('has a section for each code, at the address that the error gives', () => {
    const written = sections(page('errors.md'));
    const anchors = Object.values(ErrorCode).map((code) => new MirrorscopeError(code, '').docs);
    expect([...written.keys()].map((heading) => `docs/errors.md#${heading}`).sort()).toEqual(anchors.sort());
    for (const code of Object.values(ErrorCode)) expect(page('errors.md')).toContain(`\`${code}\``);
    expect([...ERROR_HINTS.keys()].sort()).toEqual(Object.values(ErrorCode).sort());
  });
});

describe('docs/cli.md', () => {
  it('names every command, and every flag of migrate and check', () => {
    const text = page('cli.md');
    for (const { name } of COMMANDS) expect(text).toContain(`mirrorscope ${name}`);
    const elsewhere = new Set([...page('verify.md').matchAll(/`--([a-z-]+)/g)].map(([, name]) => name));
    for (const { name } of OPTIONS) {
      if (name !== 'help' && name !== 'version' && !elsewhere.has(name)) expect(text).toContain(`--${name}`);
    }
  });

  it('lists the report formats of the table; if it does not: npm run docs', () => {
    const text = page('cli.md');
    expect(text === renderCliPage(text, REPORT_FORMATS)).toBe(true);
    expect(REPORT_FORMATS.filter(({ name }) => !text.includes(`\`--format ${name}\``))).toEqual([]);
  });

  it('shows a valid configuration', () => {
    const example = /```json\n([\s\S]*?)```/.exec(page('cli.md'))?.[1] ?? '';
    const root = temporaryTree({ 'mirrorscope.config.json': example });
    expect(loadConfiguration(root)).toMatchObject({ modules: ['@acme/keras-fork'], mark: true });
  });
});
