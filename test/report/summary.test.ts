import { describe, expect, it } from 'vitest';

import { summarize } from '../../src/report/summary.js';

import { APPLIED, finding, PREVIEW } from './sample-run.js';

describe('summarize', () => {
  it('counts places by what became of them', () => {
    const counts = {
      filesScanned: 40,
      filesParsed: 4,
      filesChanged: 1,
      filesFailed: 1,
      rewritten: 1,
      refused: 3,
      reported: 1,
      todoMarks: 1,
    };
    expect(summarize(PREVIEW)).toMatchObject(counts);
    expect(summarize(APPLIED)).toMatchObject(counts);
    expect([...summarize(PREVIEW).refusedByReason]).toEqual([
      ['model-not-in-view', 2],
      ['cpu-relocation', 1],
    ]);
  });

  it('does not count as rewritten what could not be written', () => {
    const error = { code: 'FILE_ACCESS', message: '', hint: '' };
    const file = {
      result: { path: 'a.js', status: 'failed' as const, findings: [finding(1, 1, { disposition: 'rewrite' })], error },
      todoMarks: 0,
    };
    expect(summarize({ ...APPLIED, files: [file] })).toMatchObject({ rewritten: 0, filesFailed: 1, filesChanged: 0 });
  });
});
