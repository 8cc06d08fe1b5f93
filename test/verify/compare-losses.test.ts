import { describe, expect, it } from 'vitest';

import { compareLosses } from '../../src/verify/compare-losses.js';
import { type ScriptRun, type StepRecord } from '../../src/verify/run-scripts.js';
import { compareRuns } from '../../src/verify/verify-run.js';
import { textContaining } from '../support/matchers.js';

function steps(...losses: (number | string)[]): StepRecord[] {
  return losses.map((loss) => ({ model: 0, call: 'fit', losses: { loss } }));
}

describe('compareLosses', () => {
  it('accepts equal sequences and returns the largest difference', () => {
    expect(compareLosses(steps(2, 1), steps(2, 1.00005), 1e-4)).toEqual({
      steps: 2,
      largest: expect.closeTo(5e-5, 8) as unknown,
    });
  });

  it('measures large losses relatively', () => {
    expect(compareLosses(steps(10_000), steps(10_000.5), 1e-4).difference).toBeUndefined();
    expect(compareLosses(steps(10_000), steps(10_002), 1e-4).difference?.step).toBe(1);
  });

  it('names the first step that differs', () => {
    const { difference } = compareLosses(steps(1, 2, 3), steps(1, 2.5, 9), 1e-4);
    expect(difference).toMatchObject({ step: 2, name: 'loss', before: 2, after: 2.5 });
  });

  it('differs when one script trains longer', () => {
    expect(compareLosses(steps(1, 1), steps(1), 1e-4).difference).toMatchObject({
      step: 2,
      message: textContaining('trained 2 steps'),
    });
  });

  it('differs when another model trains at that step', () => {
    const other: StepRecord[] = [{ model: 1, call: 'fit', losses: { loss: 1 } }];
    expect(compareLosses(steps(1), other, 1e-4).difference?.step).toBe(1);
  });

  it('compares only metrics that both runs report', () => {
    const withMetric = (accuracy: number, name = 'accuracy'): StepRecord[] => [
      { model: 0, call: 'fit', losses: { loss: 1, [name]: accuracy } },
    ];
    expect(compareLosses(withMetric(0.5), withMetric(0.6), 1e-4).difference?.name).toBe('accuracy');
    expect(compareLosses(withMetric(0.5), withMetric(0.6, 'acc'), 1e-4).difference).toBeUndefined();
  });

  it('does not accept losses that are not finite', () => {
    expect(compareLosses(steps('nan'), steps('nan'), 1e-4).difference?.step).toBe(1);
    expect(compareLosses(steps(1), steps('inf'), 1e-4).difference?.step).toBe(1);
  });

  it('accepts metrics with the names of object properties', () => {
    const named: StepRecord[] = [{ model: 0, call: 'fit', losses: { loss: 1, toString: 1 } }];
    expect(compareLosses(named, steps(1), 1e-4).difference).toBeUndefined();
  });
});

describe('compareRuns', () => {
  const ended = (
    outcome: ScriptRun['outcome'],
    records: StepRecord[] = [],
    error: ScriptRun['error'] = null,
  ): ScriptRun => ({
    path: 'train.py',
    outcome,
    records,
    error,
    devicesNeeded: null,
    loadedFiles: [],
    seconds: 1,
  });
  const error = { type: 'ValueError', message: 'no data\nmore', traceback: `${'x'.repeat(5000)}end` };

  it('accepts equal losses as proof', () => {
    expect(compareRuns(ended('stopped', steps(1, 2)), ended('finished', steps(1, 2)), 1e-4)).toMatchObject({
      ok: true,
      outcome: 'same',
      steps: 2,
    });
  });

  it('accepts nothing else as proof', () => {
    const good = ended('finished', steps(1));
    expect(compareRuns(ended('finished'), ended('finished'), 1e-4)).toMatchObject({
      ok: false,
      outcome: 'nothing-trained',
    });
    expect(compareRuns(good, ended('finished', steps(1.1)), 1e-4)).toMatchObject({
      ok: false,
      outcome: 'different',
      difference: { step: 1 },
    });
    expect(compareRuns(good, ended('failed', steps(1), error), 1e-4)).toMatchObject({
      ok: false,
      outcome: 'after-failed',
      message: 'The new script fails: ValueError: no data',
    });
    expect(compareRuns(ended('crashed'), undefined, 1e-4)).toMatchObject({ ok: false, outcome: 'before-failed' });
    expect(compareRuns(good, ended('failed', [], error), 1e-4).stderrTail).toMatch(/^x+end$/);
    expect(compareRuns(good, ended('failed', [], error), 1e-4).stderrTail.length).toBeLessThan(2001);
  });
});
