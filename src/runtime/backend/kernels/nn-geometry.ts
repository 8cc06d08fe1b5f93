/** Computes the padding of convolutions and pools: tfjs gives a geometry, TensorFlow takes explicit amounts. Pure. */
import type { backend_util } from '@tensorflow/tfjs';

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
  return { before, after: Math.max(0, needed), unreached: Math.max(0, -needed) };
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
