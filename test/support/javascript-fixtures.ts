/**
 * Fixtures of JavaScript migrations: a folder with `input.<ext>`, `expected.<ext>` unless nothing changes, and
 * `report.json`. Each is migrated as it stands, again, with CRLF, with a byte-order mark and without final line end.
 * `UPDATE_FIXTURES=1` writes new expectations; read them before you commit them.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { type MigrateOptions, migrateText } from '../../src/codemods/engine.js';
import { type Finding } from '../../src/codemods/result.js';

/** One finding in a report.json. */
export interface ReportedFinding {
  readonly line: number;
  readonly column: number;
  readonly api: string;
  readonly disposition: string;
  readonly reason?: string;
}

export interface FixtureReport {
  readonly description: string;
  readonly options?: Pick<MigrateOptions, 'strategy'>;
  readonly findings: readonly ReportedFinding[];
}

/** A fixture of one file. */
export interface JavaScriptFixture {
  readonly name: string;
  /** `input.ts`, say. */
  readonly fileName: string;
  readonly input: string;
  readonly expected: string;
  readonly report: FixtureReport;
  readonly folder: string;
}

/** Every fixture in a folder under fixtures/, by name. */
export function javaScriptFixtures(group: string): JavaScriptFixture[] {
  const root = join(import.meta.dirname, '../../fixtures', group);
  return readdirSync(root)
    .sort()
    .map((name) => {
      const folder = join(root, name);
      const fileName = readdirSync(folder).find((file) => file.startsWith('input.'));
      if (fileName === undefined) throw new Error(`${folder} has no input file.`);
      const input = readFileSync(join(folder, fileName), 'utf8');
      const expectedPath = join(folder, expectedName(fileName));
      const expected = existsSync(expectedPath) ? readFileSync(expectedPath, 'utf8') : input;
      const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as FixtureReport;
      return { name, fileName, input, expected, report, folder };
    });
}

function reported({ start, api, disposition, reason }: Finding): ReportedFinding {
  const { line, column } = start;
  return { line, column, api, disposition, ...(reason === undefined ? {} : { reason }) };
}

/** The tests of one fixture. */
export function testJavaScriptFixture(fixture: JavaScriptFixture, migration: string): void {
  const { fileName, input, expected, report, folder } = fixture;
  const migrate = async (text: string): Promise<{ text: string; findings: ReportedFinding[] }> => {
    const result = await migrateText(fileName, text, { ...report.options, only: [migration] });
    expect(result.error).toBeUndefined();
    return { text: result.output ?? text, findings: result.findings.map(reported) };
  };

  it('matches the expected output and report, and does not change again', async () => {
    const result = await migrate(input);
    if (process.env.UPDATE_FIXTURES === '1') {
      if (result.text !== input) writeFileSync(join(folder, expectedName(fileName)), result.text);
      writeFileSync(join(folder, 'report.json'), reportText({ ...report, findings: result.findings }));
      return;
    }
    expect(result.text).toBe(expected);
    expect(result.findings).toEqual(report.findings);
    expect((await migrate(result.text)).text).toBe(expected);
  });

  it.skipIf(process.env.UPDATE_FIXTURES === '1')(
    'keeps CRLF, a byte-order mark and a missing final line end',
    async () => {
      const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
      expect((await migrate(crlf(input))).text).toBe(crlf(expected));
      const marked = await migrate(`\uFEFF${input}`);
      expect(marked.text).toBe(`\uFEFF${expected}`);
      expect(marked.findings).toEqual(report.findings);
      const cut = (text: string): string => text.replace(/\n$/, '');
      expect(cut((await migrate(cut(input))).text)).toBe(cut(expected));
    },
  );
}

function expectedName(fileName: string): string {
  return fileName.replace('input.', 'expected.');
}

/** One finding a line. */
function reportText({ description, options, findings }: FixtureReport): string {
  const lines = findings.map((finding) => `    ${JSON.stringify(finding, undefined, 1).replace(/\n */g, ' ')}`);
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  const given =
    options === undefined ? '' : `  "options": ${JSON.stringify(options, undefined, 1).replace(/\n */g, ' ')},\n`;
  return `{\n  "description": ${JSON.stringify(description)},\n${given}  "findings": ${list}\n}\n`;
}
