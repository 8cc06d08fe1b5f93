/**
 * The number of elements of results that sizes in the arguments decide, so that a small call can ask for a large tensor.
 * Pure.
 */
import type { Handle, HostValues, OpInput } from './op-executor.js';

import { elementCountOf } from './native-checks.js';

/** Computes a number of elements; undefined when an argument is not a constant. */
type ElementCount = (inputs: readonly OpInput[], valuesOf: ValuesOf) => number | undefined;

/** Reads the values of a tensor. Blocks until they are computed. */
type ValuesOf = (handle: Handle) => HostValues;

/** The size of an op's result. */
export interface ResultSize {
  readonly elements: ElementCount;
  /** The argument that has the element type of the result. */
  readonly typeOf: number;
}

const handleAt = (inputs: readonly OpInput[], index: number): Handle => inputs[index] as Handle;

/** The value of an argument that is an interned constant. */
const numbersAt = (inputs: readonly OpInput[], index: number): number[] | undefined => {
  const values = handleAt(inputs, index).constantValue;
  return values === undefined ? undefined : Array.from(values as ArrayLike<number>, Number);
};

/** The result has the shape that an argument states. */
const stated =
  (index: number): ElementCount =>
  (inputs) => {
    const shape = numbersAt(inputs, index);
    return shape === undefined ? undefined : elementCountOf(shape);
  };

/** The result has as many elements as an argument, times the product of a constant. */
const multiplied =
  (index: number): ElementCount =>
  (inputs) => {
    const factors = numbersAt(inputs, index);
    return factors && elementCountOf(handleAt(inputs, 0).shape) * Math.max(0, elementCountOf(factors.map(atLeastZero)));
  };

const atLeastZero = (value: number): number => Math.max(0, value);

/** Every axis becomes longer by a row of a matrix. */
const padded: ElementCount = (inputs) => {
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
  (index: number, batch: (inputs: readonly OpInput[]) => number | undefined): ElementCount =>
  (inputs) => {
    const size = numbersAt(inputs, index);
    return (
      size && (batch(inputs) ?? 1) * elementCountOf(size.map(atLeastZero)) * (handleAt(inputs, 0).shape.at(-1) ?? 1)
    );
  };

const ownBatch = (inputs: readonly OpInput[]): number | undefined => handleAt(inputs, 0).shape[0];

const range: ElementCount = (inputs) => {
  const [start, stop, step] = [0, 1, 2].map((index) => numbersAt(inputs, index)?.[0]);
  if (start === undefined || stop === undefined || step === undefined || step === 0) return undefined;
  return Math.max(0, Math.ceil((stop - start) / step));
};

const segments: ElementCount = (inputs) => {
  const count = numbersAt(inputs, 2)?.[0];
  const { shape } = handleAt(inputs, 0);
  const ids = handleAt(inputs, 1).shape;
  return count && atLeastZero(count) * elementCountOf(shape.slice(ids.length));
};

/** Samples for each row. */
const samples: ElementCount = (inputs) => {
  const count = numbersAt(inputs, 1)?.[0];
  return count && atLeastZero(count) * (ownBatch(inputs) ?? 1);
};

/** Sparse and ragged ops take sizes from the values of tensors. They are rare, so that reading one does no harm. */
const readAt = (inputs: readonly OpInput[], index: number, valuesOf: ValuesOf): number[] =>
  Array.from(valuesOf(handleAt(inputs, index)) as ArrayLike<number>, Number);

/** A row of indices for each row of the dense shape, also for the empty ones. */
const filledRows: ElementCount = (inputs, valuesOf) => {
  const [rows = 0, ...others] = readAt(inputs, 2, valuesOf);
  return atLeastZero(rows) * (others.length + 1);
};

const MAX_ROW = 2 ** 31 - 1;

const raggedRanges: ElementCount = (inputs, valuesOf) => {
  const [starts = [], limits = [], deltas = []] = [0, 1, 2].map((index) => readAt(inputs, index, valuesOf));
  const at = (values: readonly number[], row: number): number => values[values.length === 1 ? 0 : row] ?? 0;
  let count = 0;
  for (let row = 0; row < Math.max(starts.length, limits.length, deltas.length); row++) {
    const delta = at(deltas, row);
    const size = delta === 0 ? 0 : atLeastZero(Math.ceil((at(limits, row) - at(starts, row)) / delta));
    // TensorFlow refuses such a row itself.
    if (size > MAX_ROW) return undefined;
    count += size;
  }
  return count;
};

/** A size below 0 is that of the ragged tensor. */
const denseShape: ElementCount = (inputs, valuesOf) => {
  const sizes = readAt(inputs, 0, valuesOf).map((size) => (size < 0 ? 1 : size));
  return elementCountOf(sizes);
};

/** The segments are sorted, so the last one is the largest. */
const sortedSegments: ElementCount = (inputs, valuesOf) => {
  const last = readAt(inputs, 2, valuesOf).at(-1) ?? -1;
  return atLeastZero(last + 1) * elementCountOf(handleAt(inputs, 0).shape.slice(1));
};

export const RESULT_SIZES: ReadonlyMap<string, ResultSize> = new Map<string, ResultSize>([
  ['Fill', { elements: stated(0), typeOf: 1 }],
  ['BroadcastTo', { elements: stated(1), typeOf: 0 }],
  ['ScatterNd', { elements: stated(2), typeOf: 1 }],
  ['SparseToDense', { elements: stated(1), typeOf: 2 }],
  ['Conv2DBackpropInput', { elements: stated(0), typeOf: 1 }],
  ['Conv2DBackpropFilter', { elements: stated(1), typeOf: 0 }],
  ['Conv3DBackpropInputV2', { elements: stated(0), typeOf: 1 }],
  ['Conv3DBackpropFilterV2', { elements: stated(1), typeOf: 0 }],
  ['DepthwiseConv2dNativeBackpropInput', { elements: stated(0), typeOf: 1 }],
  ['DepthwiseConv2dNativeBackpropFilter', { elements: stated(1), typeOf: 0 }],
  ['AvgPoolGrad', { elements: stated(0), typeOf: 1 }],
  ['AvgPool3DGrad', { elements: stated(0), typeOf: 1 }],
  ['Tile', { elements: multiplied(1), typeOf: 0 }],
  ['OneHot', { elements: multiplied(1), typeOf: 2 }],
  ['StatelessMultinomial', { elements: samples, typeOf: 0 }],
  ['PadV2', { elements: padded, typeOf: 0 }],
  ['MirrorPad', { elements: padded, typeOf: 0 }],
  ['ResizeBilinear', { elements: resized(1, ownBatch), typeOf: 0 }],
  ['ResizeNearestNeighbor', { elements: resized(1, ownBatch), typeOf: 0 }],
  ['ResizeNearestNeighborGrad', { elements: resized(1, ownBatch), typeOf: 0 }],
  ['ImageProjectiveTransformV3', { elements: resized(2, ownBatch), typeOf: 0 }],
  ['CropAndResize', { elements: resized(3, (inputs) => handleAt(inputs, 1).shape[0]), typeOf: 0 }],
  ['Range', { elements: range, typeOf: 0 }],
  ['LinSpace', { elements: (inputs) => numbersAt(inputs, 2)?.[0], typeOf: 0 }],
  ['Bincount', { elements: (inputs) => numbersAt(inputs, 1)?.[0], typeOf: 2 }],
  ['DenseBincount', { elements: (inputs) => numbersAt(inputs, 1)?.[0], typeOf: 2 }],
  ['UnsortedSegmentSum', { elements: segments, typeOf: 0 }],
  ['SparseFillEmptyRows', { elements: filledRows, typeOf: 0 }],
  ['SparseSegmentSum', { elements: sortedSegments, typeOf: 0 }],
  ['SparseSegmentMean', { elements: sortedSegments, typeOf: 0 }],
  ['RaggedRange', { elements: raggedRanges, typeOf: 0 }],
  ['RaggedTensorToTensor', { elements: denseShape, typeOf: 1 }],
]);
