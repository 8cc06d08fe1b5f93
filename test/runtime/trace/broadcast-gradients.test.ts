/**
 * The gradients of sums and means while a step is recorded have the values of TensorFlow.js's own, without its tensors
 * of ones.
 */
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';

import { session, useBackend } from '../../../src/runtime/backend/install.js';
import { useBroadcastGradients } from '../../../src/runtime/trace/broadcast-gradients.js';
import { recordFunction } from '../../../src/runtime/trace/record-function.js';
import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

describeWithTensorFlow('gradients of sums and means', () => {
  const environment = { tf, backend: useBackend(), context: session.context };
  const x = tf.randomNormal([3, 4, 5], 0, 1, 'float32', 7);
  const weights = tf.randomNormal([3, 4, 5], 0, 1, 'float32', 8);
  const kernels: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
    'sum of all': (value) => value.sum(),
    'sum over one axis': (value) => value.sum(1),
    'sum over axes, counted from the end': (value) => value.sum([-1, 0]),
    'sum that keeps its axes': (value) => value.sum([0, 2], true),
    'mean of all': (value) => value.mean(),
    'mean over axes': (value) => value.mean([0, 1]),
    'mean that keeps its axes': (value) => value.mean(-1, true),
    moments: (value) => tf.moments(value, [0, 1]).variance,
    'sum of a scalar': (value) => value.slice([0, 0, 0], [1, 1, 1]).reshape([]).sum(),
  };
  const gradient = (of: (x: tf.Tensor) => tf.Tensor): tf.Tensor =>
    tf.grad((value: tf.Tensor) => of(value).square().mul(2).sum())(x);
  /** A gradient of a gradient, as in a gradient penalty. */
  const second = (of: (x: tf.Tensor) => tf.Tensor): tf.Tensor =>
    tf.grad((value: tf.Tensor) =>
      tf
        .grad((inner: tf.Tensor) => of(inner.mul(weights)).square().sum())(value)
        .square()
        .sum(),
    )(x);

  const withBroadcasts = <Result>(body: () => Result): Result => {
    const undo = useBroadcastGradients(tf);
    try {
      return body();
    } finally {
      undo();
    }
  };

  it.each(Object.entries(kernels))('are the same: %s', async (_, of) => {
    for (const take of [gradient, second]) {
      const [own, broadcast] = [take(of), withBroadcasts(() => take(of))];
      expect(broadcast.shape).toEqual(own.shape);
      expect(broadcast.dtype).toBe(own.dtype);
      expect(await broadcast.data()).toEqual(await own.data());
    }
  });

  it('are restored after a recording, also one that fails', () => {
    const before = [tf.getGradient('Sum'), tf.getGradient('Mean')];
    recordFunction(environment, () => [x.sum()]);
    expect(() => recordFunction(environment, () => [x.mean(), tf.scalar(Math.random())])).toThrow('Math.random');
    expect([tf.getGradient('Sum'), tf.getGradient('Mean')]).toEqual(before);
  });

  it('leave no constants as large as the summed tensor in a recording', () => {
    const { constants } = recordFunction(environment, () => [
      tf.grad((value: tf.Tensor) => value.mean([0, 1]).square().sum())(x),
    ]);
    expect([...constants.values()].filter(({ values }) => values.length >= x.size)).toEqual([]);
  });
});
