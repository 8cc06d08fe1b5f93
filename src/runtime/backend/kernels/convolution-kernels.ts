/**
 * Kernels for convolutions and their gradients. They transpose channels-first tensors, because only some devices have
 * kernels for those. Pure.
 */
import type { AttributeSet } from '../../tensorflow/attributes.js';
import type { Handle } from '../../tensorflow/op-executor.js';
import type { TensorInfo } from '../tensor-info.js';
import type { backend_util } from '@tensorflow/tfjs';

import { intList, string } from '../../tensorflow/attributes.js';
import { input, type Kernel, type KernelTable } from '../kernel.js';
import { attributes, type KernelScope } from '../kernel-scope.js';

import {
  checkDilations,
  checkGradient,
  checkRank,
  explicitPaddings,
  isNamedPadding,
  spatialPadding,
  spatialStrides,
  volumeStrides,
} from './nn-geometry.js';

type ConvInfo = ReturnType<typeof backend_util.computeConv2DInfo>;
type Pair = [number, number] | number;

/** The attributes that tfjs gives all 2-D convolutions. */
export interface ConvolutionAttributes {
  readonly strides: Pair;
  readonly pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations?: Pair;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

const TO_CHANNELS_LAST = [0, 2, 3, 1];
const TO_CHANNELS_FIRST = [0, 3, 1, 2];

/**
 * Transposes a tensor from the convolution's layout to channels-last.
 *
 * @param scope - Runs the op.
 * @param handle - The tensor.
 * @param info - Geometry of the convolution.
 * @returns The tensor in channels-last layout.
 */
export function channelsLast(scope: KernelScope, handle: Handle, info: ConvInfo): Handle {
  return info.dataFormat === 'channelsFirst' ? scope.transpose(handle, TO_CHANNELS_LAST) : handle;
}

/**
 * Transposes a tensor from channels-last to the convolution's layout.
 *
 * @param scope - Runs the op.
 * @param handle - The tensor.
 * @param info - Geometry of the convolution.
 * @returns The tensor in the convolution's layout.
 */
export function fromChannelsLast(scope: KernelScope, handle: Handle, info: ConvInfo): Handle {
  return info.dataFormat === 'channelsFirst' ? scope.transpose(handle, TO_CHANNELS_FIRST) : handle;
}

/**
 * Computes the geometry of a 2-D convolution.
 *
 * @param scope - Gives access to tfjs's shape functions.
 * @param inputShape - Shape of the input.
 * @param filterShape - Shape of the filter.
 * @param given - Attributes of the convolution.
 * @param depthwise - Whether each channel has filters of its own.
 * @returns The geometry.
 */
export function convolutionInfo(
  scope: KernelScope,
  inputShape: readonly number[],
  filterShape: readonly number[],
  given: ConvolutionAttributes,
  depthwise = false,
): ConvInfo {
  checkRank('input', inputShape, 4);
  checkRank('filter', filterShape, 4);
  const info = scope.tfjs.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    given.strides,
    given.dilations ?? 1,
    given.pad,
    given.dimRoundingMode,
    depthwise,
    scope.tfjs.backend_util.convertConv2DDataFormat(given.dataFormat ?? 'NHWC'),
  );
  checkDilations(info);
  return info;
}

/** The attributes that TensorFlow's 2-D convolutions and their gradients share. */
function convolutionAttributes(info: ConvInfo): AttributeSet {
  const { type } = info.padInfo;
  const named = isNamedPadding(type);
  return attributes(
    intList('strides', [1, ...spatialStrides(info), 1]),
    intList('dilations', [1, info.dilationHeight, info.dilationWidth, 1]),
    string('padding', named ? type : 'EXPLICIT'),
    ...(named ? [] : [intList('explicit_paddings', explicitPaddings(spatialPadding(info)))]),
  );
}

/**
 * Returns the shape of a convolution's input in channels-last layout.
 *
 * @param info - Geometry of the convolution.
 * @returns The shape.
 */
export function inputShapeOf(info: ConvInfo): number[] {
  return [info.batchSize, info.inHeight, info.inWidth, info.inChannels];
}

/**
 * Runs a 2-D convolution in the layout of its input.
 *
 * @param scope - Runs the ops.
 * @param x - Input.
 * @param filter - Filter.
 * @param info - Geometry of the convolution.
 * @returns The result.
 */
export function convolve(scope: KernelScope, x: Handle, filter: Handle, info: ConvInfo): Handle {
  const y = scope.op('Conv2D', [channelsLast(scope, x, info), filter], convolutionAttributes(info));
  return fromChannelsLast(scope, y, info);
}

const conv2D: Kernel = (scope, inputs, given: ConvolutionAttributes) => {
  const x = input(inputs, 'x');
  const filter = input(inputs, 'filter');
  return convolve(scope, scope.in(x), scope.in(filter), convolutionInfo(scope, x.shape, filter.shape, given));
};

const conv2DBackpropInput: Kernel = (scope, inputs, given: ConvolutionAttributes & { inputShape: number[] }) => {
  const filter = input(inputs, 'filter');
  const info = convolutionInfo(scope, given.inputShape, filter.shape, given);
  checkGradient(input(inputs, 'dy'), info.outShape);
  const dy = channelsLast(scope, scope.in(input(inputs, 'dy')), info);
  const dx = scope.op(
    'Conv2DBackpropInput',
    [scope.ints(inputShapeOf(info)), scope.in(filter), dy],
    convolutionAttributes(info),
  );
  return fromChannelsLast(scope, dx, info);
};

const conv2DBackpropFilter: Kernel = (scope, inputs, given: ConvolutionAttributes & { filterShape: number[] }) => {
  const x = input(inputs, 'x');
  const info = convolutionInfo(scope, x.shape, given.filterShape, given);
  checkGradient(input(inputs, 'dy'), info.outShape);
  const dy = channelsLast(scope, scope.in(input(inputs, 'dy')), info);
  return scope.op(
    'Conv2DBackpropFilter',
    [channelsLast(scope, scope.in(x), info), scope.ints(given.filterShape), dy],
    convolutionAttributes(info),
  );
};

type Triple = [number, number, number] | number;
interface Convolution3DAttributes {
  readonly strides: Triple;
  readonly pad: 'valid' | 'same';
  readonly dilations?: Triple;
}

function volumeAttributes(
  scope: KernelScope,
  inputShape: readonly number[],
  filterShape: readonly number[],
  given: Convolution3DAttributes,
  dy?: TensorInfo,
): AttributeSet {
  checkRank('input', inputShape, 5);
  checkRank('filter', filterShape, 5);
  const info = scope.tfjs.backend_util.computeConv3DInfo(
    inputShape as never,
    filterShape as never,
    given.strides,
    given.dilations ?? 1,
    given.pad,
  );
  checkDilations(info);
  if (dy !== undefined) checkGradient(dy, info.outShape);
  return attributes(
    intList('strides', [1, ...volumeStrides(info), 1]),
    intList('dilations', [1, info.dilationDepth, info.dilationHeight, info.dilationWidth, 1]),
    string('padding', info.padInfo.type),
  );
}

export const CONVOLUTION_KERNELS: KernelTable = {
  Conv2D: conv2D,
  Conv2DBackpropInput: conv2DBackpropInput,
  Conv2DBackpropFilter: conv2DBackpropFilter,
  Conv3D: (scope, inputs, given: Convolution3DAttributes) => {
    const x = input(inputs, 'x');
    const filter = input(inputs, 'filter');
    return scope.op('Conv3D', [scope.in(x), scope.in(filter)], volumeAttributes(scope, x.shape, filter.shape, given));
  },
  Conv3DBackpropInputV2: (scope, inputs, given: Convolution3DAttributes & { inputShape: number[] }) => {
    const filter = input(inputs, 'filter');
    return scope.op(
      'Conv3DBackpropInputV2',
      [scope.ints(given.inputShape), scope.in(filter), scope.in(input(inputs, 'dy'))],
      volumeAttributes(scope, given.inputShape, filter.shape, given, input(inputs, 'dy')),
    );
  },
  Conv3DBackpropFilterV2: (scope, inputs, given: Convolution3DAttributes & { filterShape: number[] }) => {
    const x = input(inputs, 'x');
    return scope.op(
      'Conv3DBackpropFilterV2',
      [scope.in(x), scope.ints(given.filterShape), scope.in(input(inputs, 'dy'))],
      volumeAttributes(scope, x.shape, given.filterShape, given, input(inputs, 'dy')),
    );
  },
};
