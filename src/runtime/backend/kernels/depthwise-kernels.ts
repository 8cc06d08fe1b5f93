/**
 * Kernels for depthwise convolutions and their gradients. TensorFlow's CPU kernels support neither dilations nor
 * unequal strides: these kernels fill dilated filters with zeros, and subsample the result of stride 1 for unequal
 * strides. Pure.
 */
import type { Handle } from '../../tensorflow/op-executor.js';
import type { backend_util } from '@tensorflow/tfjs';

import { type AttributeSet, intList, string } from '../../tensorflow/attributes.js';
import { input, type Kernel, type KernelTable } from '../kernel.js';
import { attributes, type KernelScope } from '../kernel-scope.js';

import {
  channelsLast,
  type ConvolutionAttributes,
  convolutionInfo,
  fromChannelsLast,
  inputShapeOf,
} from './convolution-kernels.js';
import { explicitPaddings, isNamedPadding, spatialPadding, spatialStrides } from './nn-geometry.js';

type ConvInfo = ReturnType<typeof backend_util.computeConv2DInfo>;

function isDilated(info: ConvInfo): boolean {
  return info.dilationHeight > 1 || info.dilationWidth > 1;
}

function hasUnequalStrides(info: ConvInfo): boolean {
  return info.strideHeight !== info.strideWidth;
}

/** The attributes of the op for an expanded filter. The stride is 1 if the result is subsampled afterwards. */
function depthwiseAttributes(info: ConvInfo): AttributeSet {
  const { type } = info.padInfo;
  const plain = isNamedPadding(type) && !hasUnequalStrides(info);
  const stride = hasUnequalStrides(info) ? 1 : Math.max(...spatialStrides(info));
  return attributes(
    intList('strides', [1, stride, stride, 1]),
    string('padding', plain ? type : 'EXPLICIT'),
    ...(plain ? [] : [intList('explicit_paddings', explicitPaddings(spatialPadding(info)))]),
  );
}

/** The output size with stride 1, before the subsampling. */
function denseOutput(info: ConvInfo): [number, number] {
  return [(info.outHeight - 1) * info.strideHeight + 1, (info.outWidth - 1) * info.strideWidth + 1];
}

/** Inserts zeros between the rows and columns of a dilated filter. */
function expandFilter(scope: KernelScope, filter: Handle, info: ConvInfo): Handle {
  if (!isDilated(info)) return filter;
  const [height, width, channels, multiplier] = filter.shape as [number, number, number, number];
  const padded = scope.op('PadV2', [
    scope.reshape(filter, [height, 1, width, 1, channels, multiplier]),
    scope.intMatrix(
      [
        [0, 0],
        [0, info.dilationHeight - 1],
        [0, 0],
        [0, info.dilationWidth - 1],
        [0, 0],
        [0, 0],
      ],
      2,
    ),
    scope.scalar(0, filter.dtype),
  ]);
  const full = scope.reshape(padded, [height * info.dilationHeight, width * info.dilationWidth, channels, multiplier]);
  return scope.op('Slice', [
    full,
    scope.ints([0, 0, 0, 0]),
    scope.ints([info.effectiveFilterHeight, info.effectiveFilterWidth, channels, multiplier]),
  ]);
}

/** Undoes {@link expandFilter} on a filter gradient. */
function contractFilter(scope: KernelScope, gradient: Handle, info: ConvInfo): Handle {
  if (!isDilated(info)) return gradient;
  const [height, width, channels, multiplier] = gradient.shape as [number, number, number, number];
  return scope.stridedSlice(
    gradient,
    [0, 0, 0, 0],
    [height, width, channels, multiplier],
    [info.dilationHeight, info.dilationWidth, 1, 1],
  );
}

/** Undoes the subsampling of an output gradient: inserts zeros for the outputs that were left out. */
function expandOutput(scope: KernelScope, dy: Handle, info: ConvInfo): Handle {
  if (!hasUnequalStrides(info)) return dy;
  const [batch, height, width, channels] = dy.shape as [number, number, number, number];
  const [denseHeight, denseWidth] = denseOutput(info);
  const padded = scope.op('PadV2', [
    scope.reshape(dy, [batch, height, 1, width, 1, channels]),
    scope.intMatrix(
      [
        [0, 0],
        [0, 0],
        [0, info.strideHeight - 1],
        [0, 0],
        [0, info.strideWidth - 1],
        [0, 0],
      ],
      2,
    ),
    scope.scalar(0, dy.dtype),
  ]);
  const full = scope.reshape(padded, [batch, height * info.strideHeight, width * info.strideWidth, channels]);
  return scope.op('Slice', [full, scope.ints([0, 0, 0, 0]), scope.ints([batch, denseHeight, denseWidth, channels])]);
}

/**
 * Runs a depthwise convolution in the layout of its input.
 *
 * @param scope - Runs the ops.
 * @param x - Input.
 * @param filter - Filter.
 * @param info - Geometry of the convolution.
 * @returns The result.
 */
export function depthwiseConvolve(scope: KernelScope, x: Handle, filter: Handle, info: ConvInfo): Handle {
  let y = scope.op(
    'DepthwiseConv2dNative',
    [channelsLast(scope, x, info), expandFilter(scope, filter, info)],
    depthwiseAttributes(info),
  );
  if (hasUnequalStrides(info)) {
    const [batch, height, width, channels] = y.shape as [number, number, number, number];
    y = scope.stridedSlice(
      y,
      [0, 0, 0, 0],
      [batch, height, width, channels],
      [1, info.strideHeight, info.strideWidth, 1],
    );
  }
  return fromChannelsLast(scope, y, info);
}

const forward: Kernel = (scope, inputs, given: ConvolutionAttributes) => {
  const x = input(inputs, 'x');
  const filter = input(inputs, 'filter');
  return depthwiseConvolve(
    scope,
    scope.in(x),
    scope.in(filter),
    convolutionInfo(scope, x.shape, filter.shape, given, true),
  );
};

const backpropInput: Kernel = (scope, inputs, given: ConvolutionAttributes & { inputShape: number[] }) => {
  const filter = input(inputs, 'filter');
  const info = convolutionInfo(scope, given.inputShape, filter.shape, given, true);
  const dy = expandOutput(scope, channelsLast(scope, scope.in(input(inputs, 'dy')), info), info);
  const dx = scope.op(
    'DepthwiseConv2dNativeBackpropInput',
    [scope.ints(inputShapeOf(info)), expandFilter(scope, scope.in(filter), info), dy],
    depthwiseAttributes(info),
  );
  return fromChannelsLast(scope, dx, info);
};

const backpropFilter: Kernel = (scope, inputs, given: ConvolutionAttributes & { filterShape: number[] }) => {
  const x = input(inputs, 'x');
  const info = convolutionInfo(scope, x.shape, given.filterShape, given, true);
  const dy = expandOutput(scope, channelsLast(scope, scope.in(input(inputs, 'dy')), info), info);
  const expanded = [
    info.effectiveFilterHeight,
    info.effectiveFilterWidth,
    given.filterShape[2] as number,
    given.filterShape[3] as number,
  ];
  const gradient = scope.op(
    'DepthwiseConv2dNativeBackpropFilter',
    [channelsLast(scope, scope.in(x), info), scope.ints(expanded), dy],
    depthwiseAttributes(info),
  );
  return contractFilter(scope, gradient, info);
};

export const DEPTHWISE_KERNELS: KernelTable = {
  DepthwiseConv2dNative: forward,
  DepthwiseConv2dNativeBackpropInput: backpropInput,
  DepthwiseConv2dNativeBackpropFilter: backpropFilter,
};
