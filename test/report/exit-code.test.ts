import { describe, expect, it } from 'vitest';

import { ExitCode, exitCodeOf } from '../../src/report/exit-code.js';
import { type RunReport } from '../../src/report/run-report.js';

import { AWKWARD as awkward, CHANGED as changed, FAILED as failed, PREVIEW, QUIET as quiet } from './sample-run.js';

describe('exitCodeOf', () => {
  const run = (...files: RunReport['files'][number][]): RunReport => ({ ...PREVIEW, files });
  const failedWith = (code: string) => ({
    ...failed,
    result: { ...failed.result, error: { code, message: '', hint: '' } },
  });
  const rewritten = { ...changed, result: { ...changed.result, findings: changed.result.findings.slice(0, 1) } };

  it('is Done when nothing is left', () => {
    expect(exitCodeOf(run(quiet))).toBe(ExitCode.Done);
    expect(exitCodeOf({ ...run(rewritten), applied: true })).toBe(ExitCode.Done);
  });

  it('is WorkLeft when changes are pending or findings are left', () => {
    expect(exitCodeOf(run(rewritten))).toBe(ExitCode.WorkLeft);
    expect(exitCodeOf(run(awkward))).toBe(ExitCode.WorkLeft);
    expect(exitCodeOf({ ...run(changed), applied: true })).toBe(ExitCode.WorkLeft);
  });

  it('is WorkLeft for files with errors in their text, Failed when the tool could not do its work', () => {
    expect(exitCodeOf(run(failed))).toBe(ExitCode.WorkLeft);
    expect(exitCodeOf(run(failedWith('ENCODING')))).toBe(ExitCode.WorkLeft);
    expect(exitCodeOf(run(failedWith('INTERNAL')))).toBe(ExitCode.Failed);
    expect(exitCodeOf(run(failedWith('FILE_ACCESS'), failed))).toBe(ExitCode.Failed);
  });
});
