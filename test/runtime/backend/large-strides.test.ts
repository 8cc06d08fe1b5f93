/**
 * Strides that leave an axis: one window fits, whatever the stride. TensorFlow multiplies such strides in 32 bits, so
 * the kernels pass smaller ones that mean the same. The expected values are those of TensorFlow.js on the CPU. It gives
 * volumes a padding below zero when the padding is `same`, so these are not compared.
 */
import * as tf from '@tensorflow/tfjs';
import { it } from 'vitest';

import { useBackend } from '../../../src/runtime/backend/install.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';
import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

useCpuBackend();

const STRIDES = [3, 7, 65_536];

type Call = (stride: number) => tf.Tensor;

const image = () => tf.range(1, 3 * 3 * 2 + 1).reshape<tf.Tensor4D>([1, 3, 3, 2]);
const volume = () => tf.range(1, 3 * 4 * 5 * 2 + 1).reshape<tf.Tensor5D>([1, 3, 4, 5, 2]);
const filter = (...shape: number[]) =>
  tf.cos(
    tf
      .range(
        0,
        shape.reduce((a, b) => a * b, 1),
      )
      .reshape(shape),
  );
const gradient = (f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor) => tf.grad((y) => f(y).square().sum())(x);

const calls: Record<string, Call> = {
  conv2d: (stride) => tf.conv2d(image(), filter(2, 2, 2, 3) as tf.Tensor4D, stride, 'valid'),
  'conv2d, same': (stride) => tf.conv2d(image(), filter(2, 2, 2, 3) as tf.Tensor4D, stride, 'same'),
  'conv2d, explicit padding': (stride) =>
    tf.conv2d(image(), filter(2, 2, 2, 3) as tf.Tensor4D, stride, 5, 'NHWC', 1, 'floor'),
  'gradient of conv2d': (stride) =>
    gradient((x) => tf.conv2d(x as tf.Tensor4D, filter(2, 2, 2, 3) as tf.Tensor4D, stride, 'same'), image()),
  'gradient of the filter': (stride) =>
    gradient((w) => tf.conv2d(image(), w as tf.Tensor4D, stride, 'valid'), filter(2, 2, 2, 3)),
  'one axis only': (stride) => tf.conv2d(image(), filter(2, 2, 2, 3) as tf.Tensor4D, [1, stride], 'valid'),
  depthwise: (stride) => tf.depthwiseConv2d(image(), filter(2, 2, 2, 2) as tf.Tensor4D, stride, 'same'),
  conv3d: (stride) => tf.conv3d(volume(), filter(2, 2, 2, 2, 2) as tf.Tensor5D, stride, 'valid'),
  'gradient of conv3d': (stride) =>
    gradient((x) => tf.conv3d(x as tf.Tensor5D, filter(2, 2, 2, 2, 2) as tf.Tensor5D, stride, 'valid'), volume()),
  'maximum of a pool': (stride) => tf.maxPool(image(), 2, stride, 'same'),
  'mean of a pool': (stride) => tf.avgPool(image(), 2, stride, 'valid'),
  'mean of a pool, explicit padding': (stride) => tf.avgPool(image(), 2, stride, 1, 'floor'),
  'gradient of a pool': (stride) => gradient((x) => tf.avgPool(x as tf.Tensor4D, 2, stride, 'valid'), image()),
  'maximum of a volume': (stride) => tf.maxPool3d(volume(), 2, stride, 'valid'),
};

describeWithTensorFlow('a stride that leaves the axis', () => {
  it.each(Object.entries(calls))('%s', async (_, call) => {
    await tf.setBackend('cpu');
    const expected = STRIDES.map((stride) => [...call(stride).dataSync()]);
    useBackend();
    const actual = STRIDES.map((stride) => [...call(stride).dataSync()]);
    expected.forEach((values, index) => {
      tf.test_util.expectArraysClose(actual[index] ?? [], values, 1e-3);
    });
  });
});
