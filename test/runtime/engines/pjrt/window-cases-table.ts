/** Products, convolutions, pools and normalizations. */
import * as tf from '@tensorflow/tfjs';

import { each, gradients, type LoweringCase, numbers, positive } from './lowering-case.js';

export const PRODUCTS: readonly LoweringCase[] = [
  ...[
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ].map(([ta = false, tb = false]): LoweringCase => ({
    name: `matMul ${String(ta)} ${String(tb)}`,
    ops: ['MatMul'],
    inputs: () => [numbers(ta ? [4, 3] : [3, 4]), numbers(tb ? [5, 4] : [4, 5], 2)],
    run: (a, b) => tf.matMul(a, b, ta, tb),
  })),
  {
    name: 'matMul of stacks',
    ops: ['BatchMatMulV2'],
    inputs: () => [numbers([2, 1, 3, 4]), numbers([5, 6, 4], 2)],
    run: (a, b) => tf.matMul(a, b, false, true),
  },
  {
    name: 'dense layer',
    ops: ['BiasAdd', 'MatMul'],
    inputs: () => [numbers([3, 4]), numbers([4, 5], 2), numbers([5], 3)],
    run: (x, w, b) => tf.add(tf.matMul(x, w), b),
  },
];

type Padding = 'same' | 'valid' | number;

function convolutions(): LoweringCase[] {
  const kinds: [string, number[], number[], [number, number], Padding, [number, number]][] = [
    ['valid', [2, 7, 6, 3], [3, 2, 3, 4], [1, 1], 'valid', [1, 1]],
    ['same', [2, 7, 6, 3], [3, 2, 3, 4], [1, 1], 'same', [1, 1]],
    ['strided', [2, 8, 7, 3], [3, 3, 3, 4], [2, 3], 'same', [1, 1]],
    ['strided, valid', [1, 8, 9, 2], [3, 3, 2, 4], [2, 2], 'valid', [1, 1]],
    ['dilated', [2, 9, 8, 2], [3, 2, 2, 3], [1, 1], 'same', [2, 3]],
    ['explicit padding', [1, 5, 6, 2], [3, 3, 2, 3], [1, 1], 1, [1, 1]],
  ];
  return kinds.flatMap(([name, x, w, strides, padding, dilations]): LoweringCase[] => {
    const run = (input?: tf.Tensor, filter?: tf.Tensor): tf.Tensor =>
      tf.conv2d(each(input as tf.Tensor), each(filter as tf.Tensor), strides, padding, 'NHWC', dilations);
    const inputs = (): tf.Tensor[] => [numbers(x), numbers(w, 2)];
    const isDilated = dilations.some((dilation) => dilation > 1);
    return [
      { name: `conv2d, ${name}`, ops: ['Conv2D'], inputs, run },
      // TensorFlow.js has no gradients of dilated convolutions.
      ...(isDilated
        ? []
        : [
            {
              name: `gradients of conv2d, ${name}`,
              ops: ['Conv2DBackpropInput', 'Conv2DBackpropFilter'],
              inputs,
              run: gradients(run),
            },
          ]),
    ];
  });
}

const depthwise =
  (strides: [number, number], padding: 'same' | 'valid') =>
  (x?: tf.Tensor, w?: tf.Tensor): tf.Tensor =>
    tf.depthwiseConv2d(each(x as tf.Tensor), each(w as tf.Tensor), strides, padding);

const volume = (x?: tf.Tensor, w?: tf.Tensor): tf.Tensor =>
  tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, [1, 2, 1], 'same');

function resizings(): LoweringCase[] {
  const inputs = (): tf.Tensor[] => [numbers([2, 5, 5, 3])];
  const sizes: [number, number][] = [
    [10, 12],
    [3, 7],
    [1, 4],
  ];
  const modes: [boolean, boolean][] = [
    [false, false],
    [true, false],
    [false, true],
  ];
  return sizes.flatMap((size) =>
    modes.flatMap(([aligned, centered]): LoweringCase[] => {
      const name = `to ${size.join('x')}${aligned ? ', aligned corners' : ''}${centered ? ', half pixels' : ''}`;
      const bilinear = (x?: tf.Tensor): tf.Tensor =>
        tf.image.resizeBilinear(each(x as tf.Tensor), size, aligned, centered);
      const nearest = (x?: tf.Tensor): tf.Tensor =>
        tf.image.resizeNearestNeighbor(each(x as tf.Tensor), size, aligned, centered);
      return [
        { name: `resizeBilinear ${name}`, ops: ['ResizeBilinear'], inputs, run: bilinear },
        { name: `resizeNearestNeighbor ${name}`, ops: ['ResizeNearestNeighbor'], inputs, run: nearest },
        ...(centered
          ? []
          : [
              {
                name: `gradient of resizeBilinear ${name}`,
                ops: ['ResizeBilinearGrad'],
                inputs,
                run: gradients(bilinear),
              },
              {
                name: `gradient of resizeNearestNeighbor ${name}`,
                ops: ['ResizeNearestNeighborGrad'],
                inputs,
                run: gradients(nearest),
              },
            ]),
      ];
    }),
  );
}

export const WINDOWS: readonly LoweringCase[] = [
  ...convolutions(),
  ...resizings(),
  ...(['same', 'valid'] as const).flatMap((padding): LoweringCase[] => {
    const inputs = (): tf.Tensor[] => [numbers([2, 6, 7, 3]), numbers([3, 2, 3, 2], 2)];
    return [
      { name: `depthwiseConv2d, ${padding}`, ops: ['DepthwiseConv2dNative'], inputs, run: depthwise([2, 2], padding) },
      {
        name: `gradients of depthwiseConv2d, ${padding}`,
        ops: ['DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'],
        inputs,
        run: gradients(depthwise([1, 1], padding)),
      },
    ];
  }),
  {
    name: 'conv3d',
    ops: ['Conv3D'],
    inputs: () => [numbers([1, 4, 5, 3, 2]), numbers([2, 3, 2, 2, 3], 2)],
    run: volume,
  },
  {
    name: 'gradients of conv3d',
    ops: ['Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2'],
    inputs: () => [numbers([1, 4, 5, 3, 2]), numbers([2, 3, 2, 2, 3], 2)],
    run: gradients(volume),
  },
  ...(
    [
      [[2, 2], [2, 2], 'valid'],
      [[2, 2], [2, 2], 'same'],
      [[3, 2], [2, 1], 'same'],
      [[3, 3], [2, 2], 'valid'],
    ] as [[number, number], [number, number], 'same' | 'valid'][]
  ).flatMap(([size, strides, padding]): LoweringCase[] => {
    const name = `${size.join('x')} by ${strides.join('x')}, ${padding}`;
    const inputs = (): tf.Tensor[] => [numbers([2, 7, 5, 3])];
    const max = (x?: tf.Tensor): tf.Tensor => tf.maxPool(each(x as tf.Tensor), size, strides, padding);
    const average = (x?: tf.Tensor): tf.Tensor => tf.avgPool(each(x as tf.Tensor), size, strides, padding);
    return [
      { name: `maxPool ${name}`, ops: ['MaxPool'], inputs, run: max },
      { name: `avgPool ${name}`, ops: ['AvgPool'], inputs, run: average },
      { name: `gradient of maxPool ${name}`, ops: ['MaxPoolGrad'], inputs, run: gradients(max) },
      { name: `gradient of avgPool ${name}`, ops: ['AvgPoolGrad'], inputs, run: gradients(average) },
    ];
  }),
  {
    name: 'gradient of maxPool where elements are equal',
    ops: ['MaxPoolGrad'],
    inputs: () => [tf.relu(numbers([1, 6, 6, 2]))],
    run: gradients((x) => tf.maxPool(each(x), 2, 2, 'valid')),
  },
  ...(['MaxPool3D', 'AvgPool3D'] as const).flatMap((op): LoweringCase[] => {
    const pool = op === 'MaxPool3D' ? tf.maxPool3d : tf.avgPool3d;
    const run = (x?: tf.Tensor): tf.Tensor => pool(x as tf.Tensor5D, [2, 3, 2], [1, 2, 2], 'same');
    const inputs = (): tf.Tensor[] => [numbers([1, 4, 5, 6, 2])];
    return [
      { name: op, ops: [op], inputs, run },
      { name: `gradient of ${op}`, ops: [`${op}Grad`], inputs, run: gradients(run) },
    ];
  }),
  {
    name: 'batchNorm',
    ops: ['FusedBatchNorm'],
    inputs: () => [numbers([2, 3, 4, 5]), numbers([5], 2), positive([5], 3), numbers([5], 4), numbers([5], 5)],
    run: (x, mean, variance, offset, scale) =>
      tf.batchNorm4d(
        each(x),
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
      ),
  },
];
