/** Replicas that come too late to a collective, or not at all: the step ends, its error says who was waited for, and training goes on. */
import type { StepBody } from '../../../src/runtime/trace/replica-function.js';

import { readdirSync } from 'node:fs';

import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';

import { ErrorCode } from '../../../src/errors/error-code.js';
import { describeWithTensorFlow } from '../tensorflow/tensorflow-here.js';

import { replicatedStepHere } from './replicated-step-here.js';

/** Long enough for a replica that only waits for its turn on a busy machine. */
const SECONDS = 0.8;

function millisecondsOf(body: () => unknown): number {
  const started = performance.now();
  body();
  return performance.now() - started;
}

describeWithTensorFlow('a collective that one replica comes to too late', () => {
  const newStep = replicatedStepHere(3, SECONDS);
  const run = newStep('meeting');
  const variable = tf.variable(tf.scalar(5));
  const named = ['gradient of dense/kernel', 'loss'];
  const comes: StepBody = (_, allReduce) => {
    const [sum] = allReduce.sum([tf.ones([2, 3]), tf.scalar(1)], named) as [tf.Tensor];
    variable.assign(variable.add(1) as tf.Scalar);
    return [sum.clone()];
  };
  const numbers = [tf.zeros([4_000_000])];
  const work = (from: tf.Tensor, rounds: number): tf.Tensor => {
    let sums = from as tf.Tensor1D;
    for (let round = 0; round < rounds; round++) sums = tf.cumsum(sums);
    return sums.slice(0, 1).sum();
  };
  const TRIED = 8;
  // The shortest of several tries, because others may slow each.
  const tried = Math.min(
    ...[1, 2, 3, 4, 5].map(() => millisecondsOf(() => tf.tidy(() => work(numbers[0] as tf.Tensor, TRIED).dataSync()))),
  );
  /** More work than fits into {@link SECONDS}, with which no second core can help. */
  const MUCH = Math.ceil((1.8 * SECONDS * 1000 * TRIED) / tried);
  const isLate: StepBody = ([numbers], allReduce) => {
    const [sum] = allReduce.sum([tf.ones([2, 3]).add(work(numbers as tf.Tensor, MUCH)), tf.scalar(1)], named) as [
      tf.Tensor,
    ];
    variable.assign(variable.add(1) as tf.Scalar);
    return [sum.clone()];
  };
  const worksAfterwards: StepBody = ([numbers], allReduce) => {
    const [sum] = allReduce.sum([tf.scalar(1), tf.scalar(1)]) as [tf.Tensor];
    return [sum.add(work((numbers as tf.Tensor).add(sum.sub(sum)), MUCH))];
  };
  const together = [0, 1, 2].map(() => ({ key: 'comes', body: comes }));
  /** Two come, and `late` does not. */
  const without = (late: number) =>
    together.map((part, replica) => (replica === late ? { key: 'is late', body: isLate, data: numbers } : part));

  it.each([2, 0])('fails with one error that says which, of what and who (replica %i); the next step runs', (late) => {
    const before = variable.arraySync() as number;
    const others = [0, 1, 2].filter((replica) => replica !== late);
    const outputs = run(without(late));
    const place = (replica: number): string => `${String(replica)} \\(\\S+CPU:${String(replica)}\\)`;
    const timeout = expect.objectContaining({
      code: ErrorCode.CollectiveTimeout,
      message: expect.stringMatching(
        new RegExp(
          `^The meeting step's collective CollectiveReduceV2_\\d+ of loss \\[\\], gradient of dense/kernel \\[2,3\\] waited for longer than 0\\.8 s\\. ` +
            `Arrived: ${others.map(place).join(', ')}\\. Missing: ${place(late)}\\.$`,
        ),
      ),
      hint: expect.stringContaining('training may go on'),
    });
    for (const [result] of outputs) expect(() => result?.dataSync()).toThrow(timeout);
    expect(variable.arraySync()).toBe(before);

    for (let step = 1; step <= 10; step++) {
      expect(run(together)[0]?.[0]?.dataSync()).toEqual(new Float32Array(6).fill(3));
      expect(variable.arraySync()).toBe(before + step);
    }
  });

  it('counts only waits: what replicas compute may take longer', () => {
    const asked = performance.now();
    const outputs = newStep('computing')(
      [0, 1, 2].map(() => ({ key: 'works afterwards', body: worksAfterwards, data: numbers })),
    );
    for (const [result] of outputs) expect(result?.dataSync()[0]).toBe(3);
    expect(performance.now() - asked).toBeGreaterThan(SECONDS * 1000);
  });

  it('finds the replica that is missing where values go from hand to hand', () => {
    const transfers = [
      { from: 1, to: 0 },
      { from: 2, to: 0 },
    ];
    const chain = newStep('handing over', transfers);
    expect(chain(together)[0]?.[0]?.dataSync()[0]).toBe(3);
    expect(() => chain(without(2)).map(([result]) => result?.dataSync())).toThrow(
      /Arrived: 0 \(\S+\)\. Missing: 2 \(\S+\)\.$/,
    );
    expect(() => chain(without(0)).map(([result]) => result?.dataSync())).toThrow(
      /Arrived: [12] \(\S+\)\. Missing: 0 \(\S+\)\.$/,
    );
    expect(chain(together)[0]?.[0]?.dataSync()[0]).toBe(3);
  });

  it('takes one thread, however many steps there are', () => {
    const threads = (): number => readdirSync('/proc/self/task').length;
    for (let step = 0; step < 100; step++) run(together);
    const before = threads();
    for (let step = 0; step < 1000; step++) run(together);
    // TensorFlow's own pools may still grow by one or the other thread.
    expect(threads() - before).toBeLessThanOrEqual(2);
  });
});
