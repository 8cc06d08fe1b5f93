/** Every folder under fixtures/tfjs-node: with the engine, for every line ending, and with jscodeshift. */
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import transform from '../../../../src/codemods/jscodeshift.js';
import { javaScriptFixtures, testJavaScriptFixture } from '../../../support/javascript-fixtures.js';

const fixtures = javaScriptFixtures('tfjs-node');

describe.each(fixtures)('$name', (fixture) => {
  testJavaScriptFixture(fixture, 'tfjs-node');

  it('has the same output with jscodeshift', () => {
    const { folder, fileName, input, expected } = fixture;
    const output = transform({ path: join(folder, fileName), source: input }, {}, { only: 'tfjs-node' });
    expect(output ?? input).toBe(expected);
  });

  it('is unchanged unless the migration is named', () => {
    const { folder, fileName, input } = fixture;
    expect(transform({ path: join(folder, fileName), source: input })?.includes('mirrorscope/node') ?? false).toBe(
      false,
    );
  });
});

describe('the fixtures together', () => {
  it('mostly contain files that stay unchanged', () => {
    const changed = fixtures.filter(({ input, expected }) => input !== expected).length;
    expect(changed).toBeGreaterThanOrEqual(20);
    expect(fixtures.length - changed).toBeGreaterThan(changed);
  });

  it('change a file completely or not at all', () => {
    for (const { name, report } of fixtures) {
      const dispositions = new Set(report.findings.map(({ disposition }) => disposition));
      expect(dispositions.has('rewrite') && dispositions.has('refuse'), name).toBe(false);
    }
  });
});
