/**
 * Lowerings of convolutions and their gradients, which are convolutions too. Pure. Each works for any number of spatial
 * axes. Source of the paddings: tensorflow/compiler/tf2xla/kernels/conv_op_helpers.cc.
 */
import type { HloBuilder } from './hlo-builder.js';
import type { HloType, HloValue } from './hlo-types.js';
import type { LoweredCall, Lowering, Lowerings } from './lowering.js';

import { sizeOf } from './hlo-types.js';
import { extentOf, windowAxes, type WindowAxis } from './window-geometry.js';

interface Convolution {
  readonly lhs: HloValue;
  readonly rhs: HloValue;
  /** As in `[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]`. */
  readonly dimensions: string;
  readonly strides: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly lhsDilation?: readonly number[];
  readonly rhsDilation: readonly number[];
  readonly isReversed?: boolean;
  readonly featureGroups?: number;
  readonly batchGroups?: number;
  readonly result: HloType;
}

function convolve(builder: HloBuilder, convolution: Convolution): HloValue {
  const { lhs, rhs, dimensions, strides, padding, lhsDilation, rhsDilation, isReversed, result } = convolution;
  const { featureGroups = 1, batchGroups = 1 } = convolution;
  const ones = strides.map(() => 1);
  const window = [
    `stride = [${strides.join(', ')}]`,
    `pad = [${padding.map(([low, high]) => `[${String(low)}, ${String(high)}]`).join(', ')}]`,
    `lhs_dilate = [${(lhsDilation ?? ones).join(', ')}]`,
    `rhs_dilate = [${rhsDilation.join(', ')}]`,
    `reverse = [${ones.map(() => String(isReversed === true)).join(', ')}]`,
  ].join(', ');
  const groups = `{batch_group_count = ${String(batchGroups)} : i64, feature_group_count = ${String(featureGroups)} : i64}`;
  const text = `stablehlo.convolution(${lhs.name}, ${rhs.name}) dim_numbers = ${dimensions}, window = {${window}} ${groups}`;
  return builder.emit(text, [lhs, rhs], result);
}

/** Names of the spatial axes: `0, 1`. */
const spatial = (count: number): string => Array.from({ length: count }, (_, axis) => String(axis)).join(', ');

/** A filter and what it is applied to. */
interface Filtering {
  readonly axes: readonly WindowAxis[];
  /** Channels of the input that one group reads. */
  readonly groupChannels: number;
  readonly inputChannels: number;
}

function filtering(call: LoweredCall, input: readonly number[], filter: readonly number[]): Filtering {
  const window = filter.slice(0, -2);
  return {
    axes: windowAxes(call, { input, window }),
    groupChannels: filter.at(-2) ?? 1,
    inputChannels: input.at(-1) ?? 1,
  };
}

function forward(call: LoweredCall, input: HloValue, filter: HloValue): HloValue {
  const { axes, groupChannels, inputChannels } = filtering(call, input.shape, filter.shape);
  const places = spatial(axes.length);
  return convolve(call.builder, {
    lhs: input,
    rhs: filter,
    dimensions: `[b, ${places}, f]x[${places}, i, o]->[b, ${places}, f]`,
    strides: axes.map(({ stride }) => stride),
    padding: axes.map(({ before, after }) => [before, after]),
    rhsDilation: axes.map(({ dilation }) => dilation),
    featureGroups: inputChannels / groupChannels,
    result: call.output(),
  });
}

/** The filter with its groups of output channels side by side in the input channels. */
function regroup(builder: HloBuilder, filter: HloValue, groups: number): HloValue {
  if (groups === 1) return filter;
  const window = filter.shape.slice(0, -2);
  const [channels = 1, outputs = 1] = filter.shape.slice(-2);
  const rank = window.length;
  const split = builder.reshape(filter, [...window, channels, groups, outputs / groups]);
  const order = [...window.map((_, axis) => axis), rank + 1, rank, rank + 2];
  return builder.reshape(builder.transpose(split, order), [...window, channels * groups, outputs / groups]);
}

/** The gradient of the input: the gradient of the result, spread by the strides, through the reversed filter. */
function inputGradient(call: LoweredCall, filter: HloValue, gradient: HloValue): HloValue {
  const result = call.output();
  const { axes, groupChannels, inputChannels } = filtering(call, result.shape, filter.shape);
  const places = spatial(axes.length);
  const groups = inputChannels / groupChannels;
  return convolve(call.builder, {
    lhs: gradient,
    rhs: regroup(call.builder, filter, groups),
    dimensions: `[b, ${places}, f]x[${places}, o, i]->[b, ${places}, f]`,
    strides: axes.map(() => 1),
    padding: axes.map((axis) => {
      const before = extentOf(axis) - 1 - axis.before;
      const expanded = (axis.outSize - 1) * axis.stride + 1;
      return [before, axis.inSize + extentOf(axis) - 1 - expanded - before];
    }),
    lhsDilation: axes.map(({ stride }) => stride),
    rhsDilation: axes.map(({ dilation }) => dilation),
    isReversed: true,
    featureGroups: groups,
    result,
  });
}

/** The gradient of the filter: the input through the gradient of the result, with batch and channels exchanged. */
function filterGradient(call: LoweredCall, input: HloValue, gradient: HloValue, filter: HloType): HloValue {
  const { axes, groupChannels, inputChannels } = filtering(call, input.shape, filter.shape);
  const places = spatial(axes.length);
  return convolve(call.builder, {
    lhs: input,
    rhs: gradient,
    dimensions: `[f, ${places}, b]x[i, ${places}, o]->[${places}, b, f]`,
    strides: axes.map(({ dilation }) => dilation),
    padding: axes.map((axis) => {
      const expanded = (axis.outSize - 1) * axis.stride + 1;
      return [axis.before, expanded + extentOf(axis) - 1 - axis.inSize - axis.before];
    }),
    rhsDilation: axes.map(({ stride }) => stride),
    batchGroups: inputChannels / groupChannels,
    result: filter,
  });
}

const convolution: Lowering = (call) => forward(call, call.input(0), call.input(1));
const convolutionInput: Lowering = (call) => inputGradient(call, call.input(1), call.input(2));
const convolutionFilter: Lowering = (call) => filterGradient(call, call.input(0), call.input(2), call.output());

/** A depthwise filter `[h, w, c, m]` is a grouped one `[h, w, 1, c m]`. */
function depthwiseShape(shape: readonly number[]): number[] {
  return [...shape.slice(0, -2), 1, sizeOf(shape.slice(-2))];
}

const depthwise: Lowering = (call) => {
  const filter = call.input(1);
  return forward(call, call.input(0), call.builder.reshape(filter, depthwiseShape(filter.shape)));
};

const depthwiseInput: Lowering = (call) => {
  const filter = call.input(1);
  return inputGradient(call, call.builder.reshape(filter, depthwiseShape(filter.shape)), call.input(2));
};

const depthwiseFilter: Lowering = (call) => {
  const { dtype, shape } = call.output();
  const grouped = filterGradient(call, call.input(0), call.input(2), { dtype, shape: depthwiseShape(shape) });
  return call.builder.reshape(grouped, shape);
};

export const CONVOLUTION_LOWERINGS: Lowerings = {
  Conv2D: convolution,
  Conv2DBackpropInput: convolutionInput,
  Conv2DBackpropFilter: convolutionFilter,
  Conv3D: convolution,
  Conv3DBackpropInputV2: convolutionInput,
  Conv3DBackpropFilterV2: convolutionFilter,
  DepthwiseConv2dNative: depthwise,
  DepthwiseConv2dNativeBackpropInput: depthwiseInput,
  DepthwiseConv2dNativeBackpropFilter: depthwiseFilter,
};
