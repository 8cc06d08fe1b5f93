/** A replica that fails before or after its collective: the others do not wait for it, and the next step runs. */
import type { StepBody } from '../../../src/runtime/trace/step-body.js';

import * as tf from '@tensorflow/tfjs';
import { expect, it, vi } from 'vitest';

import { ErrorCode } from '../../../src/errors/error-code.js';
import { Cancellation } from '../../../src/runtime/tensorflow/cancellation.js';
import { EagerExecutor } from '../../../src/runtime/tensorflow/eager-executor.js';
import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

import { createStepFactory, type RunStep } from './create-step-factory.js';

describeWithTensorFlow('a step over three replicas', () => {
  const newStep = createStepFactory(3, 60);
  const steps: Readonly<Record<string, RunStep>> = {
    'all-reduce': newStep('adding'),
    transfers: newStep('transferring', [
      { from: 1, to: 0 },
      { from: 2, to: 0 },
    ]),
  };
  const total = tf.variable(tf.scalar(0));
  const row = (index: tf.Tensor): tf.Tensor => tf.gather(tf.ones([4]), index as tf.Tensor1D).sum();
  const before: StepBody = ({ data: [index], allReduce }) => {
    const [sum] = allReduce.sum([row(index as tf.Tensor)]) as [tf.Tensor];
    total.assign(total.add<tf.Scalar>(sum));
    return [sum];
  };
  const after: StepBody = ({ data: [index], allReduce }) => {
    const [sum] = allReduce.sum([tf.scalar(1)]) as [tf.Tensor];
    total.assign(total.add<tf.Scalar>(sum.mul(row(index as tf.Tensor))));
    return [sum.clone()];
  };
  /** Runs the step on all replicas. Replica `bad` reads a row that does not exist. */
  const stepBy = (run: RunStep, key: string, body: StepBody, bad?: number): tf.Tensor[][] =>
    run([0, 1, 2].map((replica) => ({ key, body, data: [tf.tensor1d([replica === bad ? 99 : 1], 'int32')] })));
  const value = (outputs: tf.Tensor[][]): number => (outputs[0]?.[0] as tf.Tensor).dataSync()[0] as number;

  it.each([
    ['all-reduce', 'before', before, 0],
    ['all-reduce', 'before', before, 2],
    ['all-reduce', 'after', after, 0],
    ['all-reduce', 'after', after, 1],
    // Replicas that wait for the value of the failed one, or pass it on, do not hang.
    ['transfers', 'before', before, 0],
    ['transfers', 'before', before, 2],
    ['transfers', 'after', after, 1],
  ] as const)(
    'by %s, with a replica that fails %s the collective, is undone, and later steps run',
    (how, key, body, bad) => {
      const step = (...rest: [string, StepBody, number?]): tf.Tensor[][] => stepBy(steps[how] as RunStep, ...rest);
      const start = total.dataSync()[0] as number;
      expect(value(step(key, body))).toBe(3);
      expect(value(step(key, body))).toBe(3);
      const failure = expect.objectContaining({
        code: ErrorCode.ReplicaFailed,
        message: expect.stringMatching(
          new RegExp(`replica ${String(bad)} \\(.*CPU:${String(bad)}\\): .*= 99 is not in`),
        ) as unknown,
      }) as unknown;
      // A failure appears when a result is read, or in a later step: here in one of the next.
      expect(() => {
        step(key, body, bad);
        for (let later = 0; later < 5; later++) step(key, body);
      }).toThrow(failure);
      expect(total.dataSync()[0]).toBe(start + 6);
      for (let later = 0; later < 12; later++) expect(value(step(key, body))).toBe(3);
      expect(total.dataSync()[0]).toBe(start + 6 + 36);
    },
  );

  it('that starts on some replicas only is cancelled there, and later steps run', () => {
    const step = (): tf.Tensor[][] => stepBy(steps['all-reduce'] as RunStep, 'before', before);
    const start = total.dataSync()[0] as number;
    expect(value(step())).toBe(3);
    const cannotStart = new RangeError('no memory');
    const executeKnown = Reflect.get(EagerExecutor.prototype, 'executeKnown');
    let calls = 0;
    const spy = vi.spyOn(EagerExecutor.prototype, 'executeKnown').mockImplementation(function (
      this: EagerExecutor,
      ...given
    ) {
      if (++calls === 3) throw cannotStart;
      return executeKnown.apply(this, given);
    });
    const released = vi.spyOn(Cancellation.prototype, 'release');
    try {
      expect(step).toThrow(cannotStart);
      // The watchdog must not take it for a step that never ends.
      expect(released).toHaveBeenCalled();
    } finally {
      spy.mockRestore();
      released.mockRestore();
    }
    expect(total.dataSync()[0]).toBe(start + 3);
    for (let later = 0; later < 12; later++) expect(value(step())).toBe(3);
    expect(total.dataSync()[0]).toBe(start + 3 + 36);
  });
});
