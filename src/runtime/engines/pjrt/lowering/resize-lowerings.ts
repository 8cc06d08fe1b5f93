/**
 * Lowerings of resized images and their gradients: each result row is one row of the image, or a mean of two. Pure.
 * Source of the places: tensorflow/core/kernels/image/resize_bilinear_op.cc and resize_nearest_neighbor_op.cc.
 */
import type { HloValue } from './hlo-types.js';
import type { LoweredCall, Lowering, Lowerings } from './lowering.js';

import { DataTypeCode } from '../../../tensorflow/data-types-table.js';

import { take } from './index-lowerings.js';
import { product } from './matrix-lowerings.js';

/** What one axis of a resized image reads. */
interface Resampling {
  readonly axis: number;
  readonly inSize: number;
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** How much of the element at the high place there is. */
  readonly share: readonly number[];
}

type Rule = (place: number, inSize: number, isAligned: boolean) => Pick<Resampling, 'low' | 'high' | 'share'>;

const clamp = (place: number, size: number): number => Math.min(Math.max(place, 0), size - 1);

const linear: Rule = (place, inSize) => {
  const floor = Math.floor(place);
  return {
    low: [clamp(floor, inSize)],
    high: [clamp(Math.ceil(place), inSize)],
    share: [Math.fround(place - floor)],
  };
};

const nearest: Rule = (place, inSize, isAligned) => {
  // Like C's roundf for places, which are not negative.
  const index = clamp(isAligned ? Math.floor(place + 0.5) : Math.floor(place), inSize);
  return { low: [index], high: [index], share: [0] };
};

/** The height and the width, computed in 32 bits, as TensorFlow does. */
function resamplings(call: LoweredCall, small: readonly number[], large: readonly number[], rule: Rule): Resampling[] {
  const isAligned = call.flag('align_corners');
  const isCentered = call.flag('half_pixel_centers');
  return [1, 2].map((axis) => {
    const [inSize, outSize] = [small[axis] ?? 1, large[axis] ?? 1];
    const scale = Math.fround(isAligned && outSize > 1 ? (inSize - 1) / (outSize - 1) : inSize / outSize);
    const offset = isCentered && rule === linear ? 0.5 : 0;
    const found = Array.from({ length: outSize }, (_, index) => {
      const scaled = Math.fround((isCentered ? index + 0.5 : index) * scale);
      return rule(Math.fround(scaled - offset), inSize, isAligned);
    });
    return {
      axis,
      inSize,
      low: found.flatMap(({ low }) => low),
      high: found.flatMap(({ high }) => high),
      share: found.flatMap(({ share }) => share),
    };
  });
}

/** Reads along one axis. */
function resample({ builder }: LoweredCall, x: HloValue, { axis, low, high, share }: Resampling): HloValue {
  const first = take(builder, x, low, axis);
  if (share.every((part) => part === 0)) return first;
  const second = take(builder, x, high, axis);
  const shares = builder.constant(share, { dtype: x.dtype, shape: [share.length] });
  const parts = builder.broadcastInDim(shares, first.shape, [axis]);
  const difference = builder.binary('subtract', second, first);
  return builder.binary('add', first, builder.binary('multiply', difference, parts));
}

/** Gives each element of one axis the gradients of what was read from it: a product with the shares. */
function backwards({ builder }: LoweredCall, gradient: HloValue, resampling: Resampling): HloValue {
  const { axis, inSize, low, high, share } = resampling;
  const shares = new Float32Array(inSize * share.length);
  share.forEach((part, index) => {
    const [from, to] = [(low[index] ?? 0) * share.length + index, (high[index] ?? 0) * share.length + index];
    shares[from] = (shares[from] ?? 0) + 1 - part;
    shares[to] = (shares[to] ?? 0) + part;
  });
  const matrix = builder.constant(shares, { dtype: DataTypeCode.Float, shape: [inSize, share.length] });
  const last = gradient.shape.length - 1;
  const order = Array.from({ length: last }, (_, index) => (index < axis ? index + 1 : index === axis ? 0 : index));
  // The product has the axis first.
  const multiplied = product(builder, matrix, gradient, { a: 1, b: axis, batch: 0 });
  return builder.transpose(multiplied, [...order, last]);
}

const forwards =
  (rule: Rule): Lowering =>
  (call) => {
    const x = call.input(0);
    const [rows, columns] = resamplings(call, x.shape, call.output().shape, rule);
    const isFloat = rule === linear && x.dtype !== DataTypeCode.Float;
    const image = isFloat ? call.builder.convert(x, DataTypeCode.Float) : x;
    return resample(call, resample(call, image, columns as Resampling), rows as Resampling);
  };

const gradient =
  (rule: Rule): Lowering =>
  (call) => {
    const given = call.input(0);
    return resamplings(call, call.output().shape, given.shape, rule).reduce(
      (value, resampling) => backwards(call, value, resampling),
      given,
    );
  };

export const RESIZE_LOWERINGS: Lowerings = {
  ResizeBilinear: forwards(linear),
  ResizeBilinearGrad: gradient(linear),
  ResizeNearestNeighbor: forwards(nearest),
  ResizeNearestNeighborGrad: gradient(nearest),
};
