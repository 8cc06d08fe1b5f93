/** Computes the padding of convolutions and pools: tfjs gives a geometry, TensorFlow takes explicit amounts. Pure. */
import type { backend_util } from '@tensorflow/tfjs';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { checkInt32 } from '../../tensorflow/native-checks.js';

type ConvInfo = ReturnType<typeof backend_util.computeConv2DInfo>;
type Pool3DInfo = ReturnType<typeof backend_util.computePool3DInfo>;

/** How many cells are added before and after an axis. */
export interface AxisPadding {
  readonly before: number;
  readonly after: number;
  /** How many cells at the end no window reaches, because rounding made the output smaller. */
  readonly unreached: number;
}

/** Computes the padding with which VALID windows give exactly `outSize` outputs. */
function axisPadding(inSize: number, outSize: number, stride: number, window: number, before: number): AxisPadding {
  const needed = (outSize - 1) * stride + window - inSize - before;
  checkInt32(inSize + before + Math.max(0, needed));
  return { before, after: Math.max(0, needed), unreached: Math.max(0, -needed) };
}

/**
 * Checks the rank of a shape that is an attribute: TensorFlow ends the process for some.
 *
 * @param name - What has the shape.
 * @param shape - The shape.
 * @param rank - The rank that it must have.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when it has another.
 */
export function checkRank(name: string, shape: readonly number[], rank: number): void {
  if (shape.length === rank) return;
  throw new MirrorscopeError(
    ErrorCode.InvalidArgument,
    `The ${name} must have rank ${rank}, but its shape is [${shape.join(',')}].`,
  );
}

/** What the cells of a window are apart. */
interface Dilations {
  readonly dilationDepth?: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
}

/**
 * Checks the dilations of a convolution: TensorFlow never ends with some below 1.
 *
 * @param info - tfjs's geometry.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when one is below 1.
 */
export function checkDilations({ dilationDepth, dilationHeight, dilationWidth }: Dilations): void {
  const dilations = [...(dilationDepth === undefined ? [] : [dilationDepth]), dilationHeight, dilationWidth];
  if (dilations.every((dilation) => dilation >= 1)) return;
  throw new MirrorscopeError(ErrorCode.InvalidArgument, `Dilations must be at least 1, not [${dilations.join(',')}].`);
}

/**
 * Checks the gradient of a result: TensorFlow divides by sizes that it takes from another shape.
 *
 * @param dy - The gradient.
 * @param outShape - The shape of the result.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when the gradient has another shape.
 */
export function checkGradient(dy: { readonly shape: readonly number[] }, outShape: readonly number[]): void {
  if (dy.shape.length === outShape.length && dy.shape.every((size, axis) => size === outShape[axis])) return;
  throw new MirrorscopeError(
    ErrorCode.InvalidArgument,
    `The gradient has the shape [${dy.shape.join(',')}], but the result has the shape [${outShape.join(',')}].`,
  );
}

/**
 * Tells whether TensorFlow knows a padding by its name.
 *
 * @param type - Type of the padding, in tfjs's geometry.
 * @returns True for `SAME` and `VALID`; every other padding must be explicit.
 */
export function isNamedPadding(type: string): type is 'SAME' | 'VALID' {
  return type === 'SAME' || type === 'VALID';
}

/**
 * Computes the explicit padding of a convolution or a pool.
 *
 * @param info - tfjs's geometry.
 * @returns Padding of height and width.
 */
export function spatialPadding(info: ConvInfo): readonly [AxisPadding, AxisPadding] {
  return [
    axisPadding(info.inHeight, info.outHeight, info.strideHeight, info.effectiveFilterHeight, info.padInfo.top),
    axisPadding(info.inWidth, info.outWidth, info.strideWidth, info.effectiveFilterWidth, info.padInfo.left),
  ];
}

/**
 * Computes the explicit padding of a three-dimensional pool.
 *
 * @param info - tfjs's geometry.
 * @returns Padding of depth, height and width.
 */
export function volumePadding(info: Pool3DInfo): readonly [AxisPadding, AxisPadding, AxisPadding] {
  return [
    axisPadding(info.inDepth, info.outDepth, info.strideDepth, info.effectiveFilterDepth, info.padInfo.front),
    axisPadding(info.inHeight, info.outHeight, info.strideHeight, info.effectiveFilterHeight, info.padInfo.top),
    axisPadding(info.inWidth, info.outWidth, info.strideWidth, info.effectiveFilterWidth, info.padInfo.left),
  ];
}

/**
 * The stride along an axis that has room for one window only: any stride that leaves the axis means the same.
 * TensorFlow computes with the stride as it is, beyond 32 bits when it is large, and ends the process.
 */
function axisStride(stride: number, outSize: number, inSize: number, window: number, before: number): number {
  checkInt32(stride);
  return outSize === 1 ? Math.min(stride, Math.max(1, inSize + Math.max(0, before), window)) : stride;
}

/**
 * Computes the strides of a convolution or a pool.
 *
 * @param info - tfjs's geometry.
 * @returns Strides of height and width.
 */
export function spatialStrides(info: ConvInfo): readonly [number, number] {
  const { inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth, padInfo } = info;
  return [
    axisStride(strideHeight, outHeight, inHeight, info.effectiveFilterHeight, padInfo.top),
    axisStride(strideWidth, outWidth, inWidth, info.effectiveFilterWidth, padInfo.left),
  ];
}

/**
 * Computes the strides of a three-dimensional convolution or pool.
 *
 * @param info - tfjs's geometry.
 * @returns Strides of depth, height and width.
 */
export function volumeStrides(info: Pool3DInfo): readonly [number, number, number] {
  const { inDepth, inHeight, inWidth, outDepth, outHeight, outWidth, padInfo } = info;
  return [
    axisStride(info.strideDepth, outDepth, inDepth, info.effectiveFilterDepth, padInfo.front),
    axisStride(info.strideHeight, outHeight, inHeight, info.effectiveFilterHeight, padInfo.top),
    axisStride(info.strideWidth, outWidth, inWidth, info.effectiveFilterWidth, padInfo.left),
  ];
}

/**
 * Makes the paddings of a PadV2 on a channels-last tensor.
 *
 * @param axes - Padding of the spatial axes.
 * @returns One row per axis; batch and channels get no padding.
 */
export function padMatrix(axes: readonly AxisPadding[]): number[][] {
  return [[0, 0], ...axes.map(({ before, after }) => [before, after]), [0, 0]];
}

/**
 * Makes the `explicit_paddings` attribute of TensorFlow's channels-last convolutions.
 *
 * @param axes - Padding of the spatial axes.
 * @returns The attribute's value.
 */
export function explicitPaddings(axes: readonly AxisPadding[]): number[] {
  return padMatrix(axes).flat();
}
