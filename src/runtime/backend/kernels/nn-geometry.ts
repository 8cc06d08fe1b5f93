/**
 * Padding of convolutions and pools: from tfjs's geometry to the explicit amounts that TensorFlow takes. Pure.
 */
import type { backend_util } from '@tensorflow/tfjs';

type ConvInfo = ReturnType<typeof backend_util.computeConv2DInfo>;
type Pool3DInfo = ReturnType<typeof backend_util.computePool3DInfo>;

/** How many cells go before and after each axis, and how many are cut off after it. */
export interface AxisPadding {
  readonly before: number;
  readonly after: number;
  /** The input that no window reaches, because a rounding mode made the output smaller. */
  readonly unreached: number;
}

/** The padding with which a plain VALID window walk gives exactly `outSize` windows. */
function axisPadding(inSize: number, outSize: number, stride: number, window: number, before: number): AxisPadding {
  const needed = (outSize - 1) * stride + window - inSize - before;
  return { before, after: Math.max(0, needed), unreached: Math.max(0, -needed) };
}

/** `SAME` and `VALID` are TensorFlow's own; all else is explicit. */
export function isNamedPadding(type: string): type is 'SAME' | 'VALID' {
  return type === 'SAME' || type === 'VALID';
}

/** Explicit padding of the height and width of a convolution or pool. */
export function spatialPadding(info: ConvInfo): readonly [AxisPadding, AxisPadding] {
  return [
    axisPadding(info.inHeight, info.outHeight, info.strideHeight, info.effectiveFilterHeight, info.padInfo.top),
    axisPadding(info.inWidth, info.outWidth, info.strideWidth, info.effectiveFilterWidth, info.padInfo.left),
  ];
}

/** Explicit padding of the three axes of a volumetric pool. */
export function volumePadding(info: Pool3DInfo): readonly [AxisPadding, AxisPadding, AxisPadding] {
  return [
    axisPadding(info.inDepth, info.outDepth, info.strideDepth, info.effectiveFilterDepth, info.padInfo.front),
    axisPadding(info.inHeight, info.outHeight, info.strideHeight, info.effectiveFilterHeight, info.padInfo.top),
    axisPadding(info.inWidth, info.outWidth, info.strideWidth, info.effectiveFilterWidth, info.padInfo.left),
  ];
}

/** Paddings for a PadV2 over a channels-last tensor: none on batch and channels. */
export function padMatrix(axes: readonly AxisPadding[]): number[][] {
  return [[0, 0], ...axes.map(({ before, after }) => [before, after]), [0, 0]];
}

/** The `explicit_paddings` attribute of TensorFlow's convolutions, channels last. */
export function explicitPaddings(axes: readonly AxisPadding[]): number[] {
  return padMatrix(axes).flat();
}
