/** Tests questions that depend on each other. */
import { expect, it } from 'vitest';

import { Settlement } from '../../../src/codemods/lifecycle/settle.js';

/** Questions that are true if all questions that they need are; `never` is false. */
function settlementOf(needs: Record<string, readonly string[]>): {
  ask: (question: string) => boolean;
  evaluated: string[];
} {
  const settlement = new Settlement();
  const evaluated: string[] = [];
  const ask = (question: string): boolean =>
    settlement.ask(question, () => {
      evaluated.push(question);
      return question !== 'never' && (needs[question] ?? []).every(ask);
    });
  return { ask, evaluated };
}

it('lets questions that only wait for each other support each other', () => {
  const { ask, evaluated } = settlementOf({ a: ['b'], b: ['a'] });
  expect(ask('a')).toBe(true);
  expect(evaluated).toEqual(['a', 'b']);
});

it('refutes everything that rests on a refuted question, and nothing else', () => {
  const { ask } = settlementOf({ a: ['b'], b: ['c', 'a'], c: ['never'], d: ['e'], e: ['d'] });
  expect([ask('a'), ask('d')]).toEqual([false, true]);
});

it('computes a value once, and again only when an answer that it used is refuted', () => {
  const settlement = new Settlement();
  const answers: boolean[] = [];
  const plan = (): string =>
    settlement.value('plan', () => {
      const isSafe = settlement.ask('safe', () => settlement.ask('caller', () => false));
      answers.push(isSafe);
      return isSafe ? 'rewrite' : 'refuse';
    });
  expect(plan()).toBe('refuse');
  expect(plan()).toBe('refuse');
  expect(answers).toEqual([true, false]);
});

it('keeps a value that rests on answers which hold', () => {
  const settlement = new Settlement();
  let computed = 0;
  const value = (): number => settlement.value('plan', () => (settlement.ask('safe', () => true) ? ++computed : -1));
  expect([value(), value()]).toEqual([1, 1]);
});
