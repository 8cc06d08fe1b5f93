/**
 * Checks the output and the report of every folder under fixtures/python, also with CRLF, with tabs and with a
 * byte-order mark. `UPDATE_FIXTURES=1` writes the actual output and report, with `-t NAME` those of one folder; read
 * the diff before you keep it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { type MigrateOptions, migrateText } from '../../../src/codemods/engine.js';
import { type Finding } from '../../../src/codemods/result.js';
import { createSourceFiles } from '../../../src/scan/source-files.js';

import { type FixtureReport, reportedFindings } from './fixture-report.js';

const ROOT = join(import.meta.dirname, '../../../fixtures/python');
/** All fixtures are files of one repository: what lies beside a project must not change it. */
const files = createSourceFiles();
const updates = process.env.UPDATE_FIXTURES === '1';

/** The Python files of a fixture, as paths relative to its input folder. */
function filesOf(folder: string): { root: string; names: string[] } {
  if (existsSync(join(folder, 'input.py'))) return { root: folder, names: ['input.py'] };
  const root = join(folder, 'input');
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.py'));
  return { root, names: names.sort() };
}

function expectedPath(folder: string, name: string): string {
  return name === 'input.py' ? join(folder, 'expected.py') : join(folder, 'expected', name);
}

function withCrlf(text: string): string {
  return text.replaceAll('\n', '\r\n');
}

describe.each(readdirSync(ROOT).sort())('%s', (name) => {
  const folder = join(ROOT, name);
  const reportPath = join(folder, 'report.json');
  const report = JSON.parse(readFileSync(reportPath, 'utf8')) as FixtureReport;
  const { root, names } = filesOf(folder);
  const options: MigrateOptions = { ...report.options, root, files };

  it('has the expected output and report, and does not change again', async () => {
    const findings: Record<string, unknown>[] = [];
    for (const file of names) {
      const input = readFileSync(join(root, file), 'utf8');
      const result = await migrateText(file, input, options);
      expect(result.error, JSON.stringify(result.error)).toBeUndefined();
      findings.push(...reportedFindings(file, result.findings, names.length > 1));
      const output = result.output ?? input;
      if (updates) {
        if (result.status === 'changed' || names.length > 1) {
          mkdirSync(dirname(expectedPath(folder, file)), { recursive: true });
          writeFileSync(expectedPath(folder, file), output);
        } else {
          rmSync(expectedPath(folder, file), { force: true });
        }
        continue;
      }
      const expected = existsSync(expectedPath(folder, file))
        ? readFileSync(expectedPath(folder, file), 'utf8')
        : input;
      expect(output).toBe(expected);
      const again = await migrateText(file, output, options);
      expect(again.status).toBe('unchanged');
    }
    if (updates) writeFileSync(reportPath, `${JSON.stringify({ ...report, findings }, undefined, 2)}\n`);
    else expect(findings).toEqual(report.findings);
  });

  it.skipIf(updates)('keeps CRLF, a byte-order mark and a missing final newline', async () => {
    for (const file of names) {
      const input = readFileSync(join(root, file), 'utf8');
      const plain = (await migrateText(file, input, options)).output ?? input;
      const crlf = await migrateText(file, withCrlf(input), options);
      expect(crlf.output ?? withCrlf(input)).toBe(withCrlf(plain));
      const marked = await migrateText(file, `\uFEFF${input}`, options);
      expect(marked.output ?? `\uFEFF${input}`).toBe(`\uFEFF${plain}`);
      const cut = await migrateText(file, input.replace(/\n$/, ''), options);
      expect((cut.output ?? input.replace(/\n$/, '')).replace(/\n$/, '')).toBe(plain.replace(/\n$/, ''));
    }
  });

  it.skipIf(updates)('indents with tabs if the file does', async () => {
    for (const file of names) {
      const input = readFileSync(join(root, file), 'utf8');
      if (/"""|'''/.test(input) || !/^ {4}/m.test(input)) continue;
      const tabs = (text: string): string => text.replace(/^(?: {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4));
      const result = await migrateText(file, tabs(input), options);
      expect(result.error).toBeUndefined();
      const added = (result.output ?? '').split('\n').filter((line) => /^\t* {4,}\S/.test(line));
      expect(added.filter((line) => !tabs(input).includes(line.trimStart()))).toEqual([]);
    }
  });
});

it('covers rewrites, refusals and code that must not change', () => {
  const reports = readdirSync(ROOT).map(
    (name) => JSON.parse(readFileSync(join(ROOT, name, 'report.json'), 'utf8')) as FixtureReport,
  );
  const dispositions = (report: FixtureReport): Set<Finding['disposition']> =>
    new Set(report.findings.map((finding) => finding.disposition));
  expect(reports.length).toBeGreaterThanOrEqual(120);
  expect(reports.filter((report) => report.runnable === true).length).toBeGreaterThanOrEqual(40);
  expect(reports.filter((report) => dispositions(report).has('refuse')).length).toBeGreaterThanOrEqual(25);
  // Most code that a codemod reads must not change.
  expect(reports.filter((report) => !dispositions(report).has('rewrite')).length).toBeGreaterThan(reports.length / 2);
});
