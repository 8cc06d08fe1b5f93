/**
 * The number of elements of results that sizes in the arguments decide, so that a small call can ask for a large tensor.
 * Pure.
 */
import type { Handle, OpInput } from './op-executor.js';

import { elementCountOf } from './native-checks.js';

/** Computes the number of elements of an op's result; undefined when an argument is not a constant. */
export type ResultSize = (inputs: readonly OpInput[]) => number | undefined;

const handleAt = (inputs: readonly OpInput[], index: number): Handle => inputs[index] as Handle;

/** The value of an argument that is an interned constant. */
const numbersAt = (inputs: readonly OpInput[], index: number): number[] | undefined => {
  const values = handleAt(inputs, index).constantValue;
  return values === undefined ? undefined : Array.from(values as ArrayLike<number>, Number);
};

/** The result has the shape that an argument states. */
const stated =
  (index: number): ResultSize =>
  (inputs) => {
    const shape = numbersAt(inputs, index);
    return shape === undefined ? undefined : elementCountOf(shape);
  };

/** The result has as many elements as an argument, times the product of a constant. */
const multiplied =
  (index: number): ResultSize =>
  (inputs) => {
    const factors = numbersAt(inputs, index);
    return factors && elementCountOf(handleAt(inputs, 0).shape) * Math.max(0, elementCountOf(factors.map(atLeastZero)));
  };

const atLeastZero = (value: number): number => Math.max(0, value);

/** Every axis becomes longer by a row of a matrix. */
const padded: ResultSize = (inputs) => {
  const paddings = numbersAt(inputs, 1);
  const { shape } = handleAt(inputs, 0);
  return (
    paddings &&
    shape.reduce(
      (product, size, axis) => product * (size + (paddings[axis * 2] ?? 0) + (paddings[axis * 2 + 1] ?? 0)),
      1,
    )
  );
};

/** The first and last axis stay, those between have the sizes of an argument. */
const resized =
  (index: number, batch: (inputs: readonly OpInput[]) => number | undefined): ResultSize =>
  (inputs) => {
    const size = numbersAt(inputs, index);
    return (
      size && (batch(inputs) ?? 1) * elementCountOf(size.map(atLeastZero)) * (handleAt(inputs, 0).shape.at(-1) ?? 1)
    );
  };

const ownBatch = (inputs: readonly OpInput[]): number | undefined => handleAt(inputs, 0).shape[0];

const range: ResultSize = (inputs) => {
  const [start, stop, step] = [0, 1, 2].map((index) => numbersAt(inputs, index)?.[0]);
  if (start === undefined || stop === undefined || step === undefined || step === 0) return undefined;
  return Math.max(0, Math.ceil((stop - start) / step));
};

const segments: ResultSize = (inputs) => {
  const count = numbersAt(inputs, 2)?.[0];
  const { shape } = handleAt(inputs, 0);
  const ids = handleAt(inputs, 1).shape;
  return count && atLeastZero(count) * elementCountOf(shape.slice(ids.length));
};

export const RESULT_SIZES: ReadonlyMap<string, ResultSize> = new Map([
  ['Fill', stated(0)],
  ['BroadcastTo', stated(1)],
  ['ScatterNd', stated(2)],
  ['SparseToDense', stated(1)],
  ['Conv2DBackpropInput', stated(0)],
  ['Conv2DBackpropFilter', stated(1)],
  ['Conv3DBackpropInputV2', stated(0)],
  ['Conv3DBackpropFilterV2', stated(1)],
  ['DepthwiseConv2dNativeBackpropInput', stated(0)],
  ['DepthwiseConv2dNativeBackpropFilter', stated(1)],
  ['AvgPoolGrad', stated(0)],
  ['AvgPool3DGrad', stated(0)],
  ['Tile', multiplied(1)],
  ['OneHot', multiplied(1)],
  ['StatelessMultinomial', multiplied(1)],
  ['PadV2', padded],
  ['MirrorPad', padded],
  ['ResizeBilinear', resized(1, ownBatch)],
  ['ResizeNearestNeighbor', resized(1, ownBatch)],
  ['ResizeNearestNeighborGrad', resized(1, ownBatch)],
  ['ImageProjectiveTransformV3', resized(2, ownBatch)],
  ['CropAndResize', resized(3, (inputs) => handleAt(inputs, 1).shape[0])],
  ['Range', range],
  ['LinSpace', (inputs) => numbersAt(inputs, 2)?.[0]],
  ['Bincount', (inputs) => numbersAt(inputs, 1)?.[0]],
  ['DenseBincount', (inputs) => numbersAt(inputs, 1)?.[0]],
  ['UnsortedSegmentSum', segments],
]);
