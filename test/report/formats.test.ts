import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';

import { type RenderedReport, type RenderOptions } from '../../src/report/format.js';
import { REPORT_FORMATS } from '../../src/report/formats-table.js';
import { createPalette } from '../../src/report/palette.js';
import { type RunReport } from '../../src/report/run-report.js';
import { textReport } from '../../src/report/text-report.js';
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
  // The official schema names an older draft, but uses no feature of it.
  const body = Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== 'id'));
  return new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(body);
}

/** The options of a plain run; tests change what they need. */
const OPTIONS: RenderOptions = {
  diff: false,
  check: false,
  palette: plain,
  notesPalette: plain,
  pathPrefix: 'packages/app/',
  describeMigration: (migration) => `About ${migration}.`,
};

async function rendered(format: string, run: RunReport, options: Partial<RenderOptions> = {}): Promise<RenderedReport> {
  const render = await REPORT_FORMATS.find(({ name }) => name === format)?.load();
  if (render === undefined) throw new Error(`There is no format ${format}.`);
  return render(run, { ...OPTIONS, ...options });
}

function jsonFile(url: URL): Record<string, unknown> {
  return JSON.parse(readFileSync(url, 'utf8')) as Record<string, unknown>;
}

describe.each(REPORT_FORMATS.map(({ name }) => name))('--format %s', (format) => {
  it.each(RUNS)('renders a run: %s', async (name, run) => {
    const { output } = await rendered(format, run, { diff: format === 'json' });
    const report = format === 'text' ? textReport(run, { palette: plain, listRewrites: false }) : output;
    await expect(report).toMatchFileSnapshot(`goldens/${name}.${format === 'text' ? 'txt' : format}`);
  });
});

describe.each(RUNS)('a run: %s', (name, run) => {
  it('lists every finding as text when it only checks', async () => {
    const { output } = await rendered('text', run, { check: true });
    await expect(output).toMatchFileSnapshot(`goldens/${name}-check.txt`);
  });

  it('shows diffs before the text of a preview, and the patch alone with --diff', async () => {
    const text = textReport(run, { palette: plain, listRewrites: false });
    const patch = run.files.map((file) => unifiedDiff(file) ?? '').join('');
    const preview = run.applied || patch === '' ? text : `${patch}\n${text}`;
    expect(await rendered('text', run)).toEqual({ output: preview });
    expect(await rendered('text', run, { diff: true })).toEqual({ output: patch, notes: text });
  });

  it('has the same words in coloured text', () => {
    const coloured = textReport(run, { palette: createPalette(true), listRewrites: true });
    expect(coloured).toContain('\u001b[');

    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(textReport(run, { palette: plain, listRewrites: true }));
  });

  it('follows the published schema as JSON', async () => {
    const { output } = await rendered('json', run, { diff: true });
    const validate = validatorOf(jsonFile(new URL('../../schema/report.schema.json', import.meta.url)));
    expect(validate(JSON.parse(output)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('follows the official schema as SARIF', async () => {
    const { output } = await rendered('sarif', run);
    const schema = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
    const validate = validatorOf(jsonFile(pathToFileURL(schema)));
    expect(validate(JSON.parse(output)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('has one GitHub annotation per line', async () => {
    const { output } = await rendered('github', run);
    for (const line of output.trimEnd().split('\n')) expect(line).toMatch(/^::(error|warning|notice) /);
  });
});
