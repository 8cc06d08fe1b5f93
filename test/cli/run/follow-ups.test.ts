/** What people have to do outside the code after a run. */
import type { Finding } from '../../../src/codemods/result.js';

import { describe, expect, it } from 'vitest';

import { followUpsOf } from '../../../src/cli/run/follow-ups.js';

const POSITION = { offset: 0, line: 1, column: 1 };

function changedFile(path: string, disposition: Finding['disposition']): Parameters<typeof followUpsOf>[0][number] {
  const finding: Finding = {
    migration: 'multi-gpu-model',
    api: 'multiGpuModel',
    message: '',
    disposition,
    start: POSITION,
    end: POSITION,
  };
  return { result: { path, status: 'changed', findings: [finding], output: '' }, original: '', todoMarks: 0 };
}

describe('followUpsOf', () => {
  it('says what to install for migrated JavaScript', () => {
    const followUps = followUpsOf([changedFile('a.js', 'rewrite'), changedFile('b.ts', 'rewrite')]);
    expect(followUps).toEqual([expect.stringContaining('npm install mirrorscope @tensorflow/tfjs')]);
  });

  it('says nothing for Python, whose migration has the same name, nor for refused calls', () => {
    expect(followUpsOf([changedFile('a.py', 'rewrite'), changedFile('a.js', 'refuse')])).toEqual([]);
  });
});
