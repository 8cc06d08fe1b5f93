/** Every folder under fixtures/multi-gpu-model: by the engine in every line style, and through jscodeshift. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import transform from '../../../../src/codemods/jscodeshift.js';
import { RefusalReason } from '../../../../src/codemods/refusal-reason.js';
import { javaScriptFixtures, testJavaScriptFixture } from '../../../support/javascript-fixtures.js';

const fixtures = javaScriptFixtures('multi-gpu-model');

const SOURCE = path.join(import.meta.dirname, '../../../../src/codemods/js/multi-gpu-model');

describe.each(fixtures)('$name', (fixture) => {
  testJavaScriptFixture(fixture, 'multi-gpu-model');

  it('is the same through jscodeshift', () => {
    const { folder, fileName, input, expected } = fixture;
    const output = transform({ path: path.join(folder, fileName), source: input }, {}, { only: 'multi-gpu-model' });
    expect(output ?? input).toBe(expected);
  });
});

describe('the fixtures together', () => {
  it('are many, and more of them stay than change', () => {
    const changed = fixtures.filter(({ input, expected }) => input !== expected).length;
    expect(changed).toBeGreaterThanOrEqual(60);
    expect(fixtures.length - changed).toBeGreaterThan(changed);
  });

  it('show every reason that the migration gives', () => {
    const given = readdirSync(SOURCE, { encoding: 'utf8', recursive: true })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) =>
        [...readFileSync(path.join(SOURCE, file), 'utf8').matchAll(/RefusalReason\.(\w+)/g)].map(
          ([, name]) => RefusalReason[name as keyof typeof RefusalReason],
        ),
      );
    const shown = new Set(fixtures.flatMap(({ report }) => report.findings.map(({ reason }) => reason)));
    expect(given).not.toEqual([]);
    expect([...new Set(given)].filter((reason) => !shown.has(reason))).toEqual([]);
  });
});
