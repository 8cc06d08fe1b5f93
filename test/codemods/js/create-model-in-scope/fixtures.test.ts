/**
 * Checks the output and the report of every folder under fixtures/create-model-in-scope, also with CRLF and with a
 * byte-order mark, and that the output does not change again. `UPDATE_FIXTURES=1` writes new expectations; read them
 * before you commit them.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { migrateText } from '../../../../src/codemods/engine.js';

const ROOT = join(import.meta.dirname, '../../../../fixtures/create-model-in-scope');
const UPDATE = process.env.UPDATE_FIXTURES === '1';
const ONLY = { only: ['create-model-in-scope'] };

describe.each(readdirSync(ROOT).sort())('%s', (name) => {
  const folder = join(ROOT, name);
  const input = readdirSync(folder).find((file) => file.startsWith('input.'));
  if (input === undefined) throw new Error(`${folder} has no input file.`);
  const text = readFileSync(join(folder, input), 'utf8');
  const expectedPath = join(folder, `expected${extname(input)}`);
  const reportPath = join(folder, 'report.json');
  const report = JSON.parse(readFileSync(reportPath, 'utf8')) as { description: string; findings: unknown[] };

  it('matches the expected output and report, and does not change again', async () => {
    const result = await migrateText(input, text, ONLY);
    expect(result.error).toBeUndefined();
    const findings = result.findings.map(({ migration, api, disposition, message, start }) => ({
      line: start.line,
      migration,
      api,
      disposition,
      message,
    }));
    const output = result.output ?? text;
    if (UPDATE) {
      if (result.output !== undefined) writeFileSync(expectedPath, output);
      writeFileSync(reportPath, `${JSON.stringify({ ...report, findings }, undefined, 2)}\n`);
      return;
    }
    expect(findings).toEqual(report.findings);
    expect(output).toBe(existsSync(expectedPath) ? readFileSync(expectedPath, 'utf8') : text);
    expect((await migrateText(input, output, ONLY)).status).toBe('unchanged');
  });

  it.skipIf(UPDATE)('keeps CRLF and a byte-order mark', async () => {
    const output = (await migrateText(input, text, ONLY)).output ?? text;
    const foreign = (plain: string): string => `\uFEFF${plain.replaceAll('\n', '\r\n')}`;
    const result = await migrateText(input, foreign(text), ONLY);
    expect(result.output ?? foreign(text)).toBe(foreign(output));
  });
});
