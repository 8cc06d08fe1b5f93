import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';

import { githubReport } from '../../src/report/formats/github.js';
import { jsonReport } from '../../src/report/formats/json.js';
import { sarifReport } from '../../src/report/formats/sarif.js';
import { textReport } from '../../src/report/formats/text.js';
import { createPalette } from '../../src/report/palette.js';
import { exitCodeOf, type RunReport } from '../../src/report/run-report.js';
import { unifiedDiff } from '../../src/report/unified-diff.js';

import { APPLIED, NOTHING, PREVIEW } from './sample-run.js';

const require = createRequire(import.meta.url);
const RUNS: readonly (readonly [string, RunReport])[] = [
  ['preview', PREVIEW],
  ['applied', APPLIED],
  ['nothing', NOTHING],
];
const plain = createPalette(false);

function validatorOf(schema: Record<string, unknown>) {
  // The official schema is written for an older draft, of which it uses nothing but the names.
  const body = Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== 'id'));
  return new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(body);
}

describe.each(RUNS)('a run: %s', (name, run) => {
  it('as text', async () => {
    await expect(textReport(run, { palette: plain, listRewrites: false })).toMatchFileSnapshot(`goldens/${name}.txt`);
    await expect(textReport(run, { palette: plain, listRewrites: true })).toMatchFileSnapshot(
      `goldens/${name}-check.txt`,
    );
  });

  it('as coloured text, which differs in colours only', () => {
    const coloured = textReport(run, { palette: createPalette(true), listRewrites: true });
    expect(coloured).toContain('\u001b[');

    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(textReport(run, { palette: plain, listRewrites: true }));
  });

  it('as JSON that follows the published schema', async () => {
    const text = jsonReport(run, exitCodeOf(run), ({ result, original }) =>
      result.output === undefined || original === undefined
        ? undefined
        : unifiedDiff(result.path, original, result.output),
    );
    await expect(text).toMatchFileSnapshot(`goldens/${name}.json`);
    const validate = validatorOf(
      JSON.parse(readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8')),
    );
    expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('as SARIF that follows the official schema', async () => {
    const text = sarifReport(run, exitCodeOf(run), (migration) => `About ${migration}.`);
    await expect(text).toMatchFileSnapshot(`goldens/${name}.sarif`);
    const validate = validatorOf(require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));
    expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('as GitHub annotations, one line each', async () => {
    const text = githubReport(run, 'packages/app/');
    await expect(text).toMatchFileSnapshot(`goldens/${name}.github`);
    for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^::(error|warning|notice) /);
  });
});

describe('exitCodeOf', () => {
  const run = (...files: RunReport['files'][number][]): RunReport => ({ ...PREVIEW, files });
  const [awkward, failed, quiet, changed] = PREVIEW.files as [
    RunReport['files'][0],
    RunReport['files'][0],
    RunReport['files'][0],
    RunReport['files'][0],
  ];
  const failedWith = (code: string) => ({
    ...failed,
    result: { ...failed.result, error: { code, message: '', hint: '' } },
  });
  const rewritten = { ...changed, result: { ...changed.result, findings: changed.result.findings.slice(0, 1) } };

  it('is 0 when nothing is left', () => {
    expect(exitCodeOf(run(quiet))).toBe(0);
    expect(exitCodeOf({ ...run(rewritten), applied: true })).toBe(0);
  });

  it('is 1 when changes are pending or places are left', () => {
    expect(exitCodeOf(run(rewritten))).toBe(1);
    expect(exitCodeOf(run(awkward))).toBe(1);
    expect(exitCodeOf({ ...run(changed), applied: true })).toBe(1);
  });

  it('is 1 for files that cannot be migrated as they are, 2 when the tool could not do its work', () => {
    expect(exitCodeOf(run(failed))).toBe(1);
    expect(exitCodeOf(run(failedWith('ENCODING')))).toBe(1);
    expect(exitCodeOf(run(failedWith('INTERNAL')))).toBe(2);
    expect(exitCodeOf(run(failedWith('FILE_ACCESS'), failed))).toBe(2);
  });
});
