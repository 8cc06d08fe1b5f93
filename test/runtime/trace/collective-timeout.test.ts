/** A replica that comes too late to a collective. In a file, and so a process, of its own: TensorFlow runs no collective after that. */
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';

import { ErrorCode } from '../../../src/errors/error-code.js';
import type { StepBody } from '../../../src/runtime/trace/replica-function.js';
import { describeWithTensorFlow } from '../tensorflow/tensorflow-here.js';
import { replicatedStepHere } from './replicated-step-here.js';

describeWithTensorFlow('a collective that one replica comes to too late', () => {
  const run = replicatedStepHere('meeting', 3, 0.2);
  const variable = tf.variable(tf.scalar(5));
  const comes: StepBody = (_, allReduce) => {
    const [sum] = allReduce.sum([tf.ones([2, 3]), tf.scalar(1)], ['gradient of dense/kernel', 'loss']) as [tf.Tensor];
    variable.assign(variable.add(1) as tf.Scalar);
    return [sum.clone()];
  };
  /** Close to a second of work that no second core can help with, before the same collective. */
  const isLate: StepBody = ([numbers], allReduce) => {
    let sums = numbers as tf.Tensor1D;
    for (let time = 0; time < 20; time++) sums = tf.cumsum(sums);
    const [sum] = allReduce.sum([tf.ones([2, 3]).mul(sums.slice(0, 1).sum()), tf.scalar(1)], ['gradient of dense/kernel', 'loss']) as [tf.Tensor];
    variable.assign(variable.add(1) as tf.Scalar);
    return [sum.clone()];
  };
  const together = [0, 1, 2].map(() => ({ key: 'comes', body: comes }));
  const apart = [...together.slice(0, 2), { key: 'is late', body: isLate, data: [tf.zeros([4_000_000])] }];

  it('fails with one error that says which, of what and who; later collectives fail at once; the rest works', () => {
    const outputs = run(apart);
    const timeout = expect.objectContaining({
      code: ErrorCode.CollectiveTimeout,
      message: expect.stringMatching(
        /^The meeting step's collective CollectiveReduceV2_\d+ of loss \[\], gradient of dense\/kernel \[2,3\] waited for longer than 0\.2 s\. Arrived: .*CPU:[01]\)\. /,
      ),
    });
    for (const [result] of outputs.slice(0, 2)) expect(() => result?.dataSync()).toThrow(timeout);
    expect(variable.arraySync()).toBe(5);

    const asked = performance.now();
    expect(() => run(together)).toThrow(
      expect.objectContaining({ code: ErrorCode.CollectiveTimeout, message: expect.stringContaining('must be started anew'), cause: timeout }),
    );
    expect(performance.now() - asked).toBeLessThan(5000);
    expect(run([{ key: 'alone', body: () => [variable.add(1)] }])[0]?.[0]?.arraySync()).toBe(6);
  });
});
