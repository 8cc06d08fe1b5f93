/**
 * Checks the output and the report of every folder under fixtures/notebook, also with CRLF and with a byte-order mark,
 * and that nothing outside the code changes. `UPDATE_FIXTURES=1` writes the actual output and report.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { migrateText } from '../../../src/codemods/engine.js';
import { type FixtureReport, reportedFindings } from '../python/fixture-report.js';

const ROOT = join(import.meta.dirname, '../../../fixtures/notebook');
const updates = process.env.UPDATE_FIXTURES === '1';

interface Cell {
  cell_type: string;
  source?: string | string[];
  input?: string | string[];
}

interface Notebook {
  cells?: Cell[];
  worksheets?: { cells: Cell[] }[];
}

/** The notebook without the text of its code cells, which must not change. */
function frame(text: string): unknown {
  const notebook = JSON.parse(text.replace(/^\uFEFF/, '')) as Notebook;
  for (const cell of [...(notebook.cells ?? []), ...(notebook.worksheets ?? []).flatMap((sheet) => sheet.cells)]) {
    if (cell.cell_type !== 'code') continue;
    if (cell.source !== undefined) cell.source = '';
    if (cell.input !== undefined) cell.input = '';
  }
  return notebook;
}

describe.each(readdirSync(ROOT).sort())('%s', (name) => {
  const folder = join(ROOT, name);
  const reportPath = join(folder, 'report.json');
  const report = JSON.parse(readFileSync(reportPath, 'utf8')) as FixtureReport;
  const input = readFileSync(join(folder, 'input.ipynb'), 'utf8');
  const expectedPath = join(folder, 'expected.ipynb');

  it('has the expected output and report, and does not change again', async () => {
    const result = await migrateText('input.ipynb', input);
    expect(result.error, JSON.stringify(result.error)).toBeUndefined();
    const findings = reportedFindings('input.ipynb', result.findings, false);
    if (updates) {
      if (result.output !== undefined) writeFileSync(expectedPath, result.output);
      writeFileSync(reportPath, `${JSON.stringify({ ...report, findings }, undefined, 2)}\n`);
      return;
    }
    expect(result.output ?? input).toBe(existsSync(expectedPath) ? readFileSync(expectedPath, 'utf8') : input);
    expect(findings).toEqual(report.findings);
    expect((await migrateText('input.ipynb', result.output ?? input)).status).toBe('unchanged');
  });

  it.skipIf(updates)('changes nothing outside the code', async () => {
    const output = (await migrateText('input.ipynb', input)).output ?? input;
    expect(frame(output)).toEqual(frame(input));
    const changed = input.split('\n').filter((line) => !output.split('\n').includes(line));
    expect(
      changed.filter(
        (line) => /"(cell_type|id|metadata|outputs|execution_count|nbformat)"/.test(line) && !line.includes('"source"'),
      ),
    ).toEqual([]);
  });

  it.skipIf(updates)('keeps CRLF and a byte-order mark', async () => {
    const plain = (await migrateText('input.ipynb', input)).output ?? input;
    const crlf = input.replaceAll('\n', '\r\n');
    expect((await migrateText('input.ipynb', crlf)).output ?? crlf).toBe(plain.replaceAll('\n', '\r\n'));
    expect((await migrateText('input.ipynb', `\uFEFF${input}`)).output ?? `\uFEFF${input}`).toBe(`\uFEFF${plain}`);
  });
});
