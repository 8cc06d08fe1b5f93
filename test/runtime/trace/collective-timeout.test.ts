/**
 * A replica that reaches a collective too late or never: the step ends, its error names the missing replica, and
 * training continues.
 */
import type { StepBody } from '../../../src/runtime/trace/step-body.js';

import { readdirSync } from 'node:fs';

import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';

import { ErrorCode } from '../../../src/errors/error-code.js';
import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

import { createStepFactory } from './create-step-factory.js';

/** Longer than a replica may have to wait for a processor on a busy machine. */
const SECONDS = 0.8;

function millisecondsOf(body: () => unknown): number {
  const started = performance.now();
  body();
  return performance.now() - started;
}

describeWithTensorFlow('a collective that one replica reaches too late', () => {
  const newStep = createStepFactory(3, SECONDS);
  const run = newStep('shared');
  const variable = tf.variable(tf.scalar(5));
  const named = ['gradient of dense/kernel', 'loss'];
  const arrives: StepBody = ({ allReduce }) => {
    const [sum] = allReduce.sum([tf.ones([2, 3]), tf.scalar(1)], named) as [tf.Tensor];
    variable.assign(variable.add<tf.Scalar>(1));
    return [sum.clone()];
  };
  const numbers = [tf.zeros([4_000_000])];
  const work = (from: tf.Tensor, rounds: number): tf.Tensor => {
    let sums = from as tf.Tensor1D;
    for (let round = 0; round < rounds; round++) sums = tf.cumsum(sums);
    return sums.slice(0, 1).sum();
  };
  const ROUNDS_TRIED = 8;
  // The shortest of several tries: other programs may slow any of them.
  const triedMs = Math.min(
    ...[1, 2, 3, 4, 5].map(() =>
      millisecondsOf(() => tf.tidy(() => work(numbers[0] as tf.Tensor, ROUNDS_TRIED).dataSync())),
    ),
  );
  /**
   * Far more work than fits into {@link SECONDS}, even if other programs slowed every try. It cannot use a second core.
   */
  const LONG_WORK = Math.ceil((3 * SECONDS * 1000 * ROUNDS_TRIED) / triedMs);
  const isLate: StepBody = ({ data: [numbers], allReduce }) => {
    const [sum] = allReduce.sum([tf.ones([2, 3]).add(work(numbers as tf.Tensor, LONG_WORK)), tf.scalar(1)], named) as [
      tf.Tensor,
    ];
    variable.assign(variable.add<tf.Scalar>(1));
    return [sum.clone()];
  };
  const worksAfterwards: StepBody = ({ data: [numbers], allReduce }) => {
    const [sum] = allReduce.sum([tf.scalar(1), tf.scalar(1)]) as [tf.Tensor];
    return [sum.add(work((numbers as tf.Tensor).add(sum.sub(sum)), LONG_WORK))];
  };
  const together = [0, 1, 2].map(() => ({ key: 'arrives', body: arrives }));
  /** Two replicas arrive in time, and `late` does not. */
  const without = (late: number) =>
    together.map((part, replica) => (replica === late ? { key: 'is late', body: isLate, data: numbers } : part));

  it.each([2, 0])(
    'fails with one error that names the collective, its tensors and the missing replica %i; the next step runs',
    (late) => {
      const before = variable.arraySync();
      const others = [0, 1, 2].filter((replica) => replica !== late);
      const outputs = run(without(late));
      const onDevice = (replica: number): string => `${String(replica)} \\(\\S+CPU:${String(replica)}\\)`;
      const timeout = expect.objectContaining({
        code: ErrorCode.CollectiveTimeout,
        message: expect.stringMatching(
          new RegExp(
            `^The shared step's collective CollectiveReduceV2_\\d+ of loss \\[\\], gradient of dense/kernel \\[2,3\\] waited for longer than 0\\.8 s\\. ` +
              `Arrived: ${others.map(onDevice).join(', ')}\\. Missing: ${onDevice(late)}\\.$`,
          ),
        ) as unknown,
        hint: expect.stringContaining('training can continue') as unknown,
      }) as unknown;
      for (const [result] of outputs) expect(() => result?.dataSync()).toThrow(timeout);
      expect(variable.arraySync()).toBe(before);

      for (let step = 1; step <= 10; step++) {
        expect(run(together)[0]?.[0]?.dataSync()).toEqual(new Float32Array(6).fill(3));
        expect(variable.arraySync()).toBe(before + step);
      }
    },
  );

  it('does not count time that a replica computes', () => {
    const asked = performance.now();
    const outputs = newStep('computing')(
      [0, 1, 2].map(() => ({ key: 'works afterwards', body: worksAfterwards, data: numbers })),
    );
    for (const [result] of outputs) expect(result?.dataSync()[0]).toBe(3);
    expect(performance.now() - asked).toBeGreaterThan(SECONDS * 1000);
  });

  it('finds the missing replica where values travel from replica to replica', () => {
    const transfers = [
      { from: 1, to: 0 },
      { from: 2, to: 0 },
    ];
    const chain = newStep('chain', transfers);
    expect(chain(together)[0]?.[0]?.dataSync()[0]).toBe(3);
    expect(() => chain(without(2)).map(([result]) => result?.dataSync())).toThrow(
      /Arrived: 0 \(\S+\)\. Missing: 2 \(\S+\)\.$/,
    );
    expect(() => chain(without(0)).map(([result]) => result?.dataSync())).toThrow(
      /Arrived: [12] \(\S+\)\. Missing: 0 \(\S+\)\.$/,
    );
    expect(chain(together)[0]?.[0]?.dataSync()[0]).toBe(3);
  });

  it('uses one thread, however many steps run', () => {
    const threads = (): number => readdirSync('/proc/self/task').length;
    for (let step = 0; step < 100; step++) run(together);
    const before = threads();
    for (let step = 0; step < 1000; step++) run(together);
    // TensorFlow's own pools may still grow by a thread or two.
    expect(threads() - before).toBeLessThanOrEqual(2);
  });
});
