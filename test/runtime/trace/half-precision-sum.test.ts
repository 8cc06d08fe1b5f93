/** Gradients that travel in 16 bits are added up in 32 bits, and every replica gets the same sums. */
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';

import { type GradientType } from '../../../src/runtime/trace/communication-options.js';
import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

import { createStepFactory } from './create-step-factory.js';

const REPLICAS = [0, 1, 2];
/** The relative error of rounding a number to the type. */
const ROUNDING: Readonly<Record<Exclude<GradientType, 'float32'>, number>> = { float16: 2 ** -11, bfloat16: 2 ** -8 };
/** Replica `replica`'s value of an element: of both signs, and with digits beyond those of any type. */
const valueOf = (index: number, replica: number): number => Math.fround(Math.sin(index + 0.1) * (1 + replica / 3));

describeWithTensorFlow('sums over three replicas in 16 bits', () => {
  const newStep = createStepFactory(REPLICAS.length, 60);
  const sizes = [[1], [2, 3], [7], [1000]];
  const gradientTypes = Object.keys(ROUNDING) as (keyof typeof ROUNDING)[];

  it.each(gradientTypes)(
    'as %s: rounds each value and each sum once, and is equal on every replica',
    (gradientType) => {
      const run = newStep(`sum ${gradientType}`, undefined, { gradientType });
      const outputs = run(
        REPLICAS.map((replica) => ({
          key: '',
          data: sizes.map((shape) =>
            tf.tensor(
              Array.from({ length: tf.util.sizeFromShape(shape) }, (_, index) => valueOf(index, replica)),
              shape,
            ),
          ),
          // The first tensor is no gradient.
          body: ({ data, allReduce }) => allReduce.sum(data, [], 1),
        })),
      ).map((tensors) => tensors.map((tensor) => ({ shape: tensor.shape, values: tensor.dataSync() })));
      const [first = [], ...others] = outputs;
      for (const other of others) expect(other).toEqual(first);
      expect(first.map(({ shape }) => shape)).toEqual(sizes);
      first.forEach(({ values }, tensor) => {
        values.forEach((value, index) => {
          const own = REPLICAS.map((replica) => valueOf(index, replica));
          const sum = own.reduce((total, each) => total + each, 0);
          const magnitude = own.reduce((total, each) => total + Math.abs(each), Math.abs(sum));
          const allowed = (tensor === 0 ? 2 ** -23 : ROUNDING[gradientType]) * magnitude;
          expect(Math.abs(value - sum), `tensor ${String(tensor)} at ${String(index)}`).toBeLessThanOrEqual(
            allowed * 1.01,
          );
        });
      });
    },
  );

  it('adds up a tensor of several pieces', () => {
    const run = newStep('large', undefined, { gradientType: 'float16' });
    const size = 5_000_001;
    const outputs = run(
      REPLICAS.map((replica) => ({
        key: '',
        data: [tf.fill([size], replica + 1)],
        body: ({ data, allReduce }) => allReduce.sum(data, [], 0),
      })),
    );
    for (const [sum] of outputs) {
      expect((sum as tf.Tensor).shape).toEqual([size]);
      expect([(sum as tf.Tensor).min().dataSync()[0], (sum as tf.Tensor).max().dataSync()[0]]).toEqual([6, 6]);
    }
  });
});
