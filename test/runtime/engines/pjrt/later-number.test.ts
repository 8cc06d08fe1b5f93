/** Numbers that are known later: in which order they are waited for, and what errors become. */
import { describe, expect, it } from 'vitest';

import { LaterNumber, LaterNumbers } from '../../../../src/runtime/engines/pjrt/later-number.js';

const source = (get: () => number) => ({ get, ready: () => Promise.resolve() });

describe('a later number', () => {
  it('is asked for once', () => {
    let count = 0;
    const number = new LaterNumber(source(() => ++count));
    expect([number.get(), number.get()]).toEqual([1, 1]);
  });

  it('keeps the error that it was read with, and throws it where it is used', () => {
    const failing = new LaterNumber(
      source(() => {
        throw new Error('the step failed');
      }),
    );
    failing.settle();
    expect(() => failing.get()).toThrow('the step failed');
    expect(() => failing.get()).toThrow('the step failed');
  });

  it('makes the oldest number known when there are too many, so that a sum never becomes deep', () => {
    const numbers = new LaterNumbers(4);
    let asked = 0;
    let mostUnknown = 0;
    let total = numbers.add(source(() => 0));
    for (let step = 1; step <= 100_000; step++) {
      const before = total;
      const value = numbers.add(
        source(() => {
          asked++;
          return step;
        }),
      );
      total = numbers.add(source(() => before.get() + value.get()));
      mostUnknown = Math.max(mostUnknown, step - asked);
    }
    expect(mostUnknown).toBeLessThanOrEqual(4);
    expect(total.get()).toBe(5_000_050_000);
  });
});
