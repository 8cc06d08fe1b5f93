/** The geometry of convolutions and pools: what TensorFlow's attributes mean for each spatial axis. Pure. */
import type { LoweredCall } from './lowering.js';

import { NoLoweringError } from './no-lowering-error.js';

/** One spatial axis. */
export interface WindowAxis {
  readonly inSize: number;
  readonly outSize: number;
  /** The elements of a window. */
  readonly window: number;
  readonly stride: number;
  /** The distance of the elements of a window. */
  readonly dilation: number;
  /** Added before the first element. */
  readonly before: number;
  /** Added after the last element, so that exactly the windows of the result fit; never negative. */
  readonly after: number;
}

/** The sizes of a window, and of what it moves over. */
export interface WindowSizes {
  readonly input: readonly number[];
  /** Without batch and channels. */
  readonly window: readonly number[];
}

/** Checks that the channels are the last axis, as TensorFlow.js has them. */
function requireChannelsLast(call: LoweredCall): void {
  const format = call.text('data_format');
  if (format !== undefined && !format.endsWith('C'))
    throw new NoLoweringError(`${call.operation.op} with the channels first`);
}

/**
 * Reads the geometry of an op.
 *
 * @param call - The op. Its attributes are those of Conv2D or MaxPool.
 * @param sizes - The sizes.
 * @returns One entry for each spatial axis.
 */
export function windowAxes(call: LoweredCall, { input, window }: WindowSizes): WindowAxis[] {
  requireChannelsLast(call);
  const strides = call.list('strides');
  const dilations = call.list('dilations');
  const explicit = call.list('explicit_paddings');
  const padding = call.text('padding');
  return window.map((size, index) => {
    const axis = index + 1;
    const [inSize, stride, dilation] = [input[axis] ?? 1, strides[axis] ?? 1, dilations[axis] ?? 1];
    const extent = (size - 1) * dilation + 1;
    const geometry = { inSize, window: size, stride, dilation };
    if (padding === 'SAME') {
      const outSize = Math.ceil(inSize / stride);
      const total = Math.max(0, (outSize - 1) * stride + extent - inSize);
      const before = Math.floor(total / 2);
      return { ...geometry, outSize, before, after: total - before };
    }
    const [before = 0, after = 0] = padding === 'EXPLICIT' ? explicit.slice(2 * axis, 2 * axis + 2) : [];
    const outSize = Math.max(0, Math.floor((inSize + before + after - extent) / stride) + 1);
    return { ...geometry, outSize, before, after };
  });
}

/**
 * Computes the size of a window with the gaps in it.
 *
 * @param axis - A spatial axis.
 * @returns The size.
 */
export function extentOf({ window, dilation }: Pick<WindowAxis, 'window' | 'dilation'>): number {
  return (window - 1) * dilation + 1;
}
