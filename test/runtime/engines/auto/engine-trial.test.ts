/** How a trial of two engines ends. */
import { describe, expect, it } from 'vitest';

import { EngineTrial } from '../../../../src/runtime/engines/auto/engine-trial.js';

/** Runs a trial to its end. */
function run(milliseconds: { readonly tensorflow: number; readonly pjrt: number }): {
  readonly trial: EngineTrial;
  readonly turns: string[];
} {
  const trial = new EngineTrial();
  const turns: string[] = [];
  while (trial.result === undefined) {
    const { engine, isTimed } = trial.next();
    turns.push(`${engine}${isTimed ? ', timed' : ''}`);
    if (isTimed) trial.add(engine, milliseconds[engine]);
  }
  return { trial, turns };
}

describe('a trial', () => {
  it('runs on TensorFlow first, and does not count the first steps of an engine', () => {
    const { turns } = run({ tensorflow: 2, pjrt: 1 });
    const of = (engine: string): string[] => [
      ...Array.from({ length: 5 }, () => engine),
      ...Array.from({ length: 9 }, () => `${engine}, timed`),
    ];
    expect(turns).toEqual([...of('tensorflow'), ...of('pjrt')]);
  });

  it('keeps the faster engine', () => {
    expect(run({ tensorflow: 2, pjrt: 1 }).trial.result?.engine).toBe('pjrt');
    expect(run({ tensorflow: 1, pjrt: 2 }).trial.result?.engine).toBe('tensorflow');
    expect(run({ tensorflow: 1.25, pjrt: 2 }).trial.result?.reason).toBe(
      '1.25 ms a step on TensorFlow, 2.00 ms on XLA',
    );
  });

  it('compares medians, so that one slow step does not decide', () => {
    const trial = new EngineTrial();
    for (const time of [2, 2, 2, 2, 2, 2, 2, 2, 2]) trial.add('tensorflow', time);
    for (const time of [1, 1, 90, 1, 1, 90, 1, 1, 1]) trial.add('pjrt', time);
    expect(trial.result?.engine).toBe('pjrt');
  });

  it('runs the first steps of XLA alone, so that one that fails can be repeated', () => {
    const trial = new EngineTrial();
    const alone = Array.from({ length: 28 }, () => trial.next()).map(({ isAlone }) => isAlone);
    expect(alone.flatMap((isAlone, turn) => (isAlone ? [turn] : []))).toEqual([14, 15]);
  });

  it('stays on TensorFlow when XLA cannot run the step', () => {
    const trial = new EngineTrial();
    trial.withdraw('it draws random numbers');
    expect(trial.result).toEqual({ engine: 'tensorflow', reason: 'it draws random numbers' });
    expect(trial.next().engine).toBe('tensorflow');
  });
});
