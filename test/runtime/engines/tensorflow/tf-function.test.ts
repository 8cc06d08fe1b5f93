/** A tfFunction gives the results of the original function: values, gradients, optimizers and structures. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test, vi } from 'vitest';

import { ErrorCode, tfFunction, useBackend } from '../../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';

describe.skipIf(locateTensorFlow().files === undefined)('tfFunction', () => {
  beforeAll(() => void useBackend());

  test('is recorded once per signature, and reads the current arguments and variables', async () => {
    const slope = tf.variable(tf.scalar(2));
    const line = vi.fn((x: tf.Tensor, { offset }: { offset: tf.Tensor }) => ({
      y: tf.add(tf.mul(slope, x), offset),
      list: [x],
    }));
    const traced = tfFunction(line);
    const first = traced(tf.tensor1d([1, 2]), { offset: tf.scalar(10) });
    expect([...(await first.y.data())]).toEqual([12, 14]);
    slope.assign(tf.scalar(3));
    const second = traced(tf.tensor1d([5, 6]), { offset: tf.scalar(0) });
    expect([...(await second.y.data())]).toEqual([15, 18]);
    expect([...(await (second.list[0] as tf.Tensor).data())]).toEqual([5, 6]);
    expect(line).toHaveBeenCalledTimes(1);
    traced(tf.tensor1d([1, 2, 3]), { offset: tf.scalar(0) });
    expect(line).toHaveBeenCalledTimes(2);
  });

  test('a variable that the first call makes is read by later calls', async () => {
    let slope: tf.Variable | undefined;
    const line = tfFunction((x: tf.Tensor) => tf.mul((slope ??= tf.variable(tf.scalar(2))), x));
    expect([...(await line(tf.tensor1d([1, 2])).data())]).toEqual([2, 4]);
    slope?.assign(tf.scalar(3));
    expect([...(await line(tf.tensor1d([1, 2])).data())]).toEqual([3, 6]);
  });

  test('numbers are part of the signature', async () => {
    const power = tfFunction((x: tf.Tensor, exponent: number) => tf.pow(x, exponent));
    expect((await power(tf.scalar(3), 2).data())[0]).toBeCloseTo(9);
    expect((await power(tf.scalar(3), 3).data())[0]).toBeCloseTo(27);
  });

  test('a training step trains as without tfFunction, also after a change of the learning rate', async () => {
    const steps = [false, true].map((isTraced) => {
      const weight = tf.variable(tf.tensor2d([[1], [-1]]));
      const optimizer = tf.train.adam(0.1);
      const step = (x: tf.Tensor2D, y: tf.Tensor2D): tf.Scalar => {
        const { value, grads } = tf.variableGrads(
          () => tf.losses.meanSquaredError<tf.Tensor, tf.Scalar>(y, tf.matMul(x, weight)),
          [weight],
        );
        optimizer.applyGradients(grads as never);
        return value;
      };
      return { weight, optimizer, step: isTraced ? tfFunction(step) : step };
    });
    const x = tf.tensor2d([
      [1, 2],
      [3, 4],
      [5, 7],
    ]);
    const y = tf.tensor2d([[1], [2], [3]]);
    const losses: number[][] = [[], []];
    for (const [index, { step, optimizer }] of steps.entries()) {
      for (let count = 0; count < 6; count++) {
        if (count === 3) (optimizer as unknown as { learningRate: number }).learningRate = 0.01;
        losses[index]?.push((await step(x, y).data())[0] as number);
      }
      expect(optimizer.iterations).toBe(6);
    }
    // Losses are around 10, and floats have seven digits.
    losses[0]?.forEach((loss, count) => {
      expect(Math.abs(loss - (losses[1]?.[count] as number))).toBeLessThan(4e-5 * Math.max(1, loss));
    });
    const [plain, traced] = await Promise.all(steps.map(({ weight }) => weight.data()));
    expect(Math.abs((plain?.[0] as number) - (traced?.[0] as number))).toBeLessThan(4e-5);
  });

  test('a function that reads values on the host runs eagerly', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    try {
      const rounded = tfFunction((x: tf.Tensor) => tf.scalar(Math.round(x.dataSync()[0] as number)));
      expect((await rounded(tf.scalar(2.4)).data())[0]).toBe(2);
      expect((await rounded(tf.scalar(7.6)).data())[0]).toBe(8);
      expect(warn).toHaveBeenCalledTimes(1);
    } finally {
      warn.mockRestore();
    }
  });

  test('a tfFunction inside another becomes part of it', async () => {
    const inner = vi.fn((x: tf.Tensor) => tf.square(x));
    const tracedInner = tfFunction(inner);
    const outer = tfFunction((x: tf.Tensor) => tf.add(tracedInner(x), 1));
    expect((await outer(tf.scalar(3)).data())[0]).toBe(10);
    expect((await outer(tf.scalar(4)).data())[0]).toBe(17);
    expect(inner).toHaveBeenCalledTimes(1);
  });

  test('rejects an async function and a disposed tensor', () => {
    expect(() => tfFunction((x: tf.Tensor) => Promise.resolve(tf.square(x)))(tf.scalar(1))).toThrow(
      expect.objectContaining({
        code: ErrorCode.InvalidArgument,
        message: expect.stringContaining('must not be async') as unknown,
      }),
    );
    const gone = tf.scalar(1);
    gone.dispose();
    expect(() => tfFunction((x: tf.Tensor) => tf.square(x))(gone)).toThrow(
      expect.objectContaining({
        code: ErrorCode.InvalidArgument,
        message: expect.stringContaining('disposed') as unknown,
      }) as unknown,
    );
  });

  test('warns once about a number argument that changes in each call, but not about a tensor', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    try {
      const scaled = tfFunction(function scaled(x: tf.Tensor, by: number | tf.Tensor) {
        return tf.mul(x, by);
      });
      const x = tf.scalar(2);
      for (let call = 0; call < 200; call++) tf.tidy(() => scaled(x, tf.scalar(call)));
      expect(warn).not.toHaveBeenCalled();
      for (let call = 0; call < 200; call++) expect(tf.tidy(() => scaled(x, call).dataSync()[0])).toBe(2 * call);
      expect(warn.mock.calls).toEqual([
        [expect.stringMatching(/"scaled" was recorded 64 times.*Pass numbers that change as tensors/)],
      ]);
    } finally {
      warn.mockRestore();
    }
  });
});
