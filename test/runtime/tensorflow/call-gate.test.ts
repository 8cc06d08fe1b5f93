import { describe, expect, it } from 'vitest';

import { CallGate } from '../../../src/runtime/tensorflow/call-gate.js';

describe('the gate of asynchronous calls', () => {
  it('limits how many calls run, starts them in order, and continues after errors', async () => {
    const gate = new CallGate(2);
    const finish: ((error?: unknown) => void)[] = [];
    const order: number[] = [];
    const calls = Array.from({ length: 5 }, (_unused, index) =>
      gate.run<number>((done) => {
        order.push(index);
        finish.push((error) => {
          done(error, index);
        });
      }),
    );
    const results = Promise.allSettled(calls);
    expect(order).toEqual([0, 1]);
    finish[1]?.(new Error('second'));
    expect(order).toEqual([0, 1, 2]);
    for (let index = 0; index < 5; index++) if (index !== 1) finish[index]?.();
    expect((await results).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it('treats a call that cannot start as a failed one', async () => {
    const gate = new CallGate(1);
    await expect(
      gate.run(() => {
        throw new Error('refused');
      }),
    ).rejects.toThrow('refused');
    await expect(
      gate.run<number>((done) => {
        done(null, 3);
      }),
    ).resolves.toBe(3);
  });
});
