/**
 * Migrates every folder under fixtures/multi-gpu-model with the engine, for every line ending, and with jscodeshift.
 */
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { MULTI_GPU_REFUSALS } from '../../../../src/codemods/js/refusal-messages-table.js';
import transform from '../../../../src/codemods/jscodeshift.js';
import { isRefusal, type Refusal } from '../../../../src/codemods/refusal.js';
import { javaScriptFixtures, testJavaScriptFixture } from '../../../support/javascript-fixtures.js';

const fixtures = javaScriptFixtures('multi-gpu-model');

describe.each(fixtures)('$name', (fixture) => {
  testJavaScriptFixture(fixture, 'multi-gpu-model');

  it('has the same output with jscodeshift', () => {
    const { folder, fileName, input, expected, report } = fixture;
    const options = { strategy: report.options?.strategy ?? 'mirrored', only: 'multi-gpu-model' };
    const output = transform({ path: path.join(folder, fileName), source: input }, {}, options);
    expect(output ?? input).toBe(expected);
  });
});

describe('all fixtures', () => {
  it('are numerous, and most of them do not change', () => {
    const changed = fixtures.filter(({ input, expected }) => input !== expected).length;
    expect(changed).toBeGreaterThanOrEqual(60);
    expect(fixtures.length - changed).toBeGreaterThan(changed);
  });

  it('show every reason for which the migration refuses', () => {
    const given = Object.values(MULTI_GPU_REFUSALS).map((entry) =>
      isRefusal(entry) ? entry.reason : (entry as (...words: readonly string[]) => Refusal)('', '').reason,
    );
    const shown = new Set(fixtures.flatMap(({ report }) => report.findings.map(({ reason }) => reason)));
    expect(given).not.toEqual([]);
    expect([...new Set(given)].filter((reason) => !shown.has(reason))).toEqual([]);
  });
});
