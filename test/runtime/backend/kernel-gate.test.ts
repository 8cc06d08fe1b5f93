/** Wrong calls of kernels: typed errors before TensorFlow sees anything, where it would end the process. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { totalmem } from 'node:os';

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';

import { useBackend } from '../../../src/runtime/backend/install.js';
import { ANY_NUMBER, KERNEL_INPUTS } from '../../../src/runtime/backend/kernel-inputs-table.js';
import { KERNEL_CATALOGUE } from '../../../src/runtime/backend/kernels/kernel-catalogue.js';
import { ErrorCode } from '../../../src/runtime/index.js';
import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

describe('the table of inputs', () => {
  it('has every kernel', () => {
    expect([...KERNEL_INPUTS.keys()].sort()).toEqual([...Object.keys(KERNEL_CATALOGUE), 'Identity'].sort());
  });

  it('has the inputs that the types of TensorFlow.js state', () => {
    const types = createRequire(import.meta.url)
      .resolve('@tensorflow/tfjs-core')
      .replace(/tf-core\..*$/, 'kernel_names.d.ts');
    const stated = new Map(
      [
        ...readFileSync(types, 'utf8').matchAll(
          /type (\w+)Inputs = (?:Pick<NamedTensorInfoMap, ([^>]*)>;|TensorInfo\[\])/g,
        ),
      ].map(([, kernel = '', names]) => [kernel, names?.match(/\w+/g) ?? ANY_NUMBER]),
    );
    const differing = [...KERNEL_INPUTS].filter(([kernel, entry]) => {
      const expected = stated.get(kernel);
      const names = typeof entry === 'string' ? entry : entry.map((name) => /^\w+/.exec(name)?.[0]);
      return expected !== undefined && JSON.stringify(names) !== JSON.stringify(expected);
    });
    expect(stated.size).toBeGreaterThan(100);
    expect(differing).toEqual([]);
  });
});

describeWithTensorFlow('a wrong call', () => {
  beforeAll(() => {
    useBackend();
  });

  const run = (kernel: string, inputs: object, attributes: object = {}) =>
    tf.engine().runKernel(kernel, inputs as never, attributes as never);
  const image = () => tf.ones([1, 3, 3, 1]);
  const geometry = { strides: 1, pad: 'valid', dilations: 1 };

  it.each<[string, () => unknown, RegExp]>([
    [
      'an input that the kernel does not have',
      () => run('Dilation2D', { x: image(), filter: tf.ones([2, 2, 1]), dy: image() }, geometry),
      /^The kernel Dilation2D has no input dy\. Its inputs: x, filter\.$/,
    ],
    [
      'an input that is missing',
      () => run('Add', { a: tf.ones([1]) }),
      /^The kernel Add was called without its input b/,
    ],
    ['an input that is no tensor', () => run('Abs', { x: 3 }), /something other than a tensor as x/],
    [
      'an input of another rank',
      () => run('Conv2D', { x: tf.ones([1, 2, 3]), filter: image() }, geometry),
      /rank 4 as x/,
    ],
    ['an empty list', () => run('AddN', []), /AddN: argument 0 must be a list of 1 or more tensors/],
    [
      'fewer strings than the shape has',
      () => run('Reshape', { x: tf.engine().makeTensor(['one'], [1000], 'string') }, { shape: [-1] }),
      /needs the encoded bytes of 1000 strings/,
    ],
    [
      'negative sizes',
      () => run('Reshape', { x: tf.engine().makeTensor(new Float32Array(4), [-1, -4], 'float32') }, { shape: [-1] }),
      /cannot have the shape \[-1,-4\]/,
    ],
    ['a size beyond 32 bits', () => tf.fill([1e10], 0), /^10000000000 is not a 32-bit integer/],
    ['a padding beyond 32 bits', () => tf.pad(tf.ones([1]), [[0, 1e10]]), /32-bit integer/],
    ['a depth beyond 32 bits', () => tf.oneHot(tf.tensor1d([0], 'int32'), 1e10), /32-bit integer/],
    [
      'NaN as a size',
      () => run('BroadcastTo', { x: tf.ones([1]) }, { shape: [Number.NaN] }),
      /^NaN is not a 32-bit integer/,
    ],
    ['more than fits into memory', () => tf.fill([2 ** 20, 2 ** 20], 0), /needs 4096 GiB, more than the machine has/],
    [
      'numbers that claim to be text',
      () => run('Identity', { x: { dataId: tf.ones([1], 'bool').dataId, shape: [1], dtype: 'string' } }),
      /claims the type string, but its data has the type bool/,
    ],
    [
      'a tensor that claims more than it has',
      () => run('Identity', { x: { dataId: tf.ones([1]).dataId, shape: [1000], dtype: 'float32' } }),
      /claims the shape \[1000\]/,
    ],
    [
      'a disposed tensor',
      () => {
        const x = tf.ones([1]);
        x.dispose();
        return run('Abs', { x });
      },
      /disposed/,
    ],
    [
      'fewer axes of updates than of indices',
      () => run('ScatterNd', { indices: tf.ones([1, 2, 1], 'int32'), updates: tf.ones([1]) }, { shape: [5] }),
      /need updates of more axes/,
    ],
    [
      'a pool without a window',
      () => tf.maxPool(image() as tf.Tensor4D, 0, 1, 'valid'),
      /size of at least 1, not \[0,0\]/,
    ],
    [
      'a gradient of another shape than the result',
      () =>
        run(
          'AvgPool3DGrad',
          { dy: tf.ones([1, 2, 2, 2, 1]), input: tf.ones([1, 2, 2, 2, 1]) },
          { filterSize: 3, strides: 1, pad: 'valid' },
        ),
      /The gradient has the shape \[1,2,2,2,1\], but the result has the shape \[1,0,0,0,1\]/,
    ],
    [
      'the shape of an input without axes',
      () =>
        run(
          'Conv3DBackpropInputV2',
          { dy: tf.ones([1, 1, 1, 1, 1]), filter: tf.ones([2, 2, 2, 1, 1]) },
          { pad: 'valid', strides: 1, inputShape: [] },
        ),
      /The input must have rank 5, but its shape is \[\]/,
    ],
    [
      'a dilation below 1',
      () =>
        run(
          'Dilation2D',
          { x: image(), filter: tf.ones([2, 2, 1]) },
          { strides: 1, pad: 'same', dilations: [1, -(2 ** 31)] },
        ),
      /Dilations must be at least 1, not \[1,-2147483648\]/,
    ],
    [
      'ragged values that are fewer than their partition counts',
      () =>
        run(
          'RaggedTensorToTensor',
          {
            shape: tf.tensor1d([2, 4], 'int32'),
            values: tf.ones([2]),
            defaultValue: tf.scalar(0),
            rowPartitionTensors: [tf.tensor1d([0, 3, 9], 'int32')],
          },
          { rowPartitionTypes: ['ROW_SPLITS'] },
        ),
      /counts 9 values, but there are 2/,
    ],
    [
      'a padding that leaves 32 bits',
      () => tf.conv2d(image() as tf.Tensor4D, tf.ones([1, 1, 1, 1]), 65_536, 2 ** 31 - 1, 'NHWC', 1, 'floor'),
      /is not a 32-bit integer/,
    ],
    [
      'n-grams of more text than fits into memory',
      () =>
        tf.string.stringNGrams(
          tf.tensor1d(['a'], 'string'),
          tf.tensor1d([0, 1], 'int32'),
          '|',
          [2 ** 20],
          'left',
          'right',
          -1,
          false,
        ),
      /StringNGrams: .* more than the machine has/,
    ],
    [
      'rows beyond the memory',
      () =>
        run(
          'SparseFillEmptyRows',
          {
            indices: tf.tensor2d([[0, 0]], [1, 2], 'int32'),
            values: tf.ones([1]),
            denseShape: tf.tensor1d([2 ** 31 - 1, 1 << 20], 'int32'),
            defaultValue: tf.scalar(0),
          },
          {},
        ),
      /SparseFillEmptyRows: .* more than the machine has/,
    ],
    ['more parts than can be made', () => tf.split(tf.ones([0]), 2 ** 31), /2147483648 results are too many/],
    ['an attribute that is missing', () => run('Transpose', { x: tf.ones([1]) }), /^The kernel Transpose cannot run/],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(
      expect.objectContaining({
        name: 'MirrorscopeError',
        code: ErrorCode.InvalidArgument,
        message: expect.stringMatching(message) as string,
      }),
    );
  });

  it.skipIf(totalmem() > 24 * 2 ** 30)('padding of boxes beyond the memory', () => {
    const inputs = { boxes: tf.ones([1, 4]), scores: tf.ones([1]) };
    const padded = { maxOutputSize: 2 ** 31 - 1, iouThreshold: 0.5, scoreThreshold: 0, padToMaxOutputSize: true };
    expect(() => run('NonMaxSuppressionV4', inputs, padded)).toThrow(/more than the machine has/);
    expect(() => run('NonMaxSuppressionV4', inputs, { ...padded, padToMaxOutputSize: false })).not.toThrow();
  });

  it('leaves nothing behind, and the next call works', () => {
    const before = tf.memory().numTensors;
    const x = tf.ones([2]);
    expect(() => run('AddN', [])).toThrow();
    expect(() => run('Fill', {}, { shape: [-1], value: 1 })).toThrow();
    expect([...tf.addN([x, x]).dataSync()]).toEqual([2, 2]);
    expect(tf.memory().numTensors - before).toBe(2);
  });
});
