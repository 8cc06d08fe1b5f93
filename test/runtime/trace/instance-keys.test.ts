import { describe, expect, it } from 'vitest';

import { InstanceKeys } from '../../../src/runtime/trace/instance-keys.js';

const ignore = (): void => undefined;

describe('instance keys', () => {
  const small = { signature: '1 1[4]', collectives: 1 };
  const large = { signature: '2 1[4],1[9]', collectives: 2 };

  it('follow from what the steps exchange, in order, and not from who asks', () => {
    const one = new InstanceKeys();
    const other = new InstanceKeys();
    const steps = [small, large, small, small, large];
    expect(steps.map((step) => one.forStep(step, 0, ignore))).toEqual(
      steps.map((step) => other.forStep(step, 0, ignore)),
    );
  });

  it('differ between eight steps in a row, and are used again after them', () => {
    const keys = new InstanceKeys();
    const first = Array.from({ length: 8 }, () => keys.forStep(large, 0, ignore));
    const used = new Set(first.flatMap((key) => [key, key + 1]));
    expect(used.size).toBe(16);
    expect(keys.forStep(large, 0, ignore)).toBe(first[0]);
    expect(used).not.toContain(keys.forStep(small, 0, ignore));
  });

  it('are new after a recovery, and each new generation is announced once', () => {
    const keys = new InstanceKeys();
    const announced: (readonly number[])[] = [];
    const note = (generations: readonly number[]): void => {
      announced.push(generations);
    };
    const before = keys.forStep(small, 0, note);
    keys.forStep(small, 0, note);
    const after = keys.forStep(small, 1, note);
    expect(announced.map((generations) => generations[0])).toEqual([before, after]);
    expect(announced.map((generations) => generations.length)).toEqual([8, 8]);
    expect(announced[0]).not.toContain(after);
  });

  it('are never used again beside Python, where each call of a collective has the next one', () => {
    const keys = new InstanceKeys({ next: 100 }, false);
    const steps = [...Array.from({ length: 9 }, () => small), large, small];
    const first = steps.map((step) => keys.forStep(step, 0, ignore));
    expect(first).toEqual([100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 111]);
  });

  it('of groups that share a counter never meet', () => {
    const counter = { next: 1 };
    const one = new InstanceKeys(counter);
    const other = new InstanceKeys(counter);
    expect(
      new Set([one.single(), other.single(), one.forStep(small, 0, ignore), other.forStep(small, 0, ignore)]).size,
    ).toBe(4);
  });
});
