/** Every folder under fixtures/tfjs-legacy; together they use every entry of the catalogue. */
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { JAVASCRIPT_APIS } from '../../../../src/catalogue/javascript-apis.js';
import transform from '../../../../src/codemods/jscodeshift.js';
import { javaScriptFixtures, testJavaScriptFixture } from '../../../support/javascript-fixtures.js';

const fixtures = javaScriptFixtures('tfjs-legacy');

describe.each(fixtures)('$name', (fixture) => {
  testJavaScriptFixture(fixture, 'tfjs-legacy');

  it('has the same output with jscodeshift', () => {
    const { folder, fileName, input, expected } = fixture;
    const output = transform({ path: join(folder, fileName), source: input }, {}, { only: 'tfjs-legacy' });
    expect(output ?? input).toBe(expected);
  });
});

describe('the fixtures together', () => {
  const shown = (disposition: string): Set<string> =>
    new Set(
      fixtures.flatMap(({ report }) =>
        report.findings.filter((finding) => finding.disposition === disposition).map(({ api }) => api),
      ),
    );
  const idsOf = (...classes: string[]): string[] =>
    JAVASCRIPT_APIS.filter(({ fixClass }) => classes.includes(fixClass)).map(({ id }) => id);

  // The root has none of the exports of these operation modules.
  const neverFixed = new Set(
    ['image_ops', 'linalg_ops', 'signal_ops'].map((name) => `@tensorflow/tfjs-core/dist/ops/${name}`),
  );
  // The condition is the type of the receiver: where it is not proved, there is no finding.
  const neverRefused = new Set(['Dataset#forEach', 'Dataset#collectAll']);

  it('rewrite every API that has a fix', () => {
    const missing = idsOf('fix', 'conditional').filter((id) => !shown('rewrite').has(id) && !neverFixed.has(id));
    expect(missing).toEqual([]);
  });

  it('refuse every API whose fix has a condition', () => {
    const missing = idsOf('conditional').filter((id) => !shown('refuse').has(id) && !neverRefused.has(id));
    expect(missing).toEqual([]);
  });

  it('report every API that no tool can fix', () => {
    expect(idsOf('report').filter((id) => !shown('report').has(id))).toEqual([]);
  });

  it('report each API as its fix class says', () => {
    const classes = new Map(JAVASCRIPT_APIS.map(({ id, fixClass }) => [id, fixClass]));
    for (const { name, report } of fixtures) {
      for (const { api, disposition } of report.findings) {
        const isReport = classes.get(api) === 'report';
        expect(disposition === 'report', `${api} in ${name}`).toBe(isReport);
        expect(classes.get(api), `${api} in ${name}`).not.toBe('not-reported');
      }
    }
  });
});
