/** Functions of whole axes, and of places. */
import * as tf from '@tensorflow/tfjs';

import { integers, type LoweringCase, numbers, unary } from './lowering-case.js';

export const REDUCTIONS: readonly LoweringCase[] = [
  unary(
    'sum of all',
    'Sum',
    (x) => tf.sum(x),
    () => numbers([3, 4, 5]),
  ),
  unary(
    'sum of an axis',
    'Sum',
    (x) => tf.sum(x, [-2]),
    () => numbers([3, 4, 5]),
  ),
  unary(
    'sum that keeps axes',
    'Sum',
    (x) => tf.sum(x, [0, 2], true),
    () => numbers([3, 4, 5]),
  ),
  unary(
    'prod',
    'Prod',
    (x) => tf.prod(x, 1),
    () => numbers([3, 4]),
  ),
  unary(
    'max',
    'Max',
    (x) => tf.max(x, 1),
    () => numbers([3, 4, 2]),
  ),
  unary(
    'max of integers',
    'Max',
    (x) => tf.max(x),
    () => integers([3, 4, 2]),
  ),
  unary(
    'min',
    'Min',
    (x) => tf.min(x, [0, 1]),
    () => numbers([3, 4, 2]),
  ),
  unary(
    'all',
    'All',
    (x) => tf.all(tf.greater(x, -1), 1),
    () => numbers([3, 4]),
  ),
  unary(
    'any',
    'Any',
    (x) => tf.any(tf.greater(x, 1), 0),
    () => numbers([3, 4]),
  ),
  unary(
    'mean',
    'Mean',
    (x) => tf.mean(x, [1, 2]),
    () => numbers([3, 4, 5]),
  ),
  unary(
    'argMax',
    'ArgMax',
    (x) => tf.argMax(x, 1),
    () => numbers([3, 7, 2]),
  ),
  unary(
    'argMax of equal elements',
    'ArgMax',
    (x) => tf.argMax(x, -1),
    () =>
      tf.tensor2d([
        [1, 3, 3],
        [2, 2, 2],
      ]),
  ),
  unary(
    'argMin',
    'ArgMin',
    (x) => tf.argMin(x, 0),
    () => numbers([5, 3]),
  ),
  unary(
    'softmax',
    'Softmax',
    (x) => tf.softmax(x),
    () => numbers([4, 2, 6]),
  ),
  unary(
    'cumsum',
    'Cumsum',
    (x) => tf.cumsum(x, 1),
    () => numbers([3, 6, 2]),
  ),
  unary(
    'cumsum, exclusive and reversed',
    'Cumsum',
    (x) => tf.cumsum(x, 0, true, true),
    () => numbers([5, 2]),
  ),
  unary(
    'cumsum, reversed',
    'Cumsum',
    (x) => tf.cumsum(x, 1, false, true),
    () => numbers([5, 3]),
  ),
  unary(
    'cumprod',
    'Cumprod',
    (x) => tf.cumprod(x, 1, true),
    () => numbers([2, 5]),
  ),
];

export const ARRAYS: readonly LoweringCase[] = [
  unary(
    'broadcastTo',
    'BroadcastTo',
    (x) => tf.mul(tf.ones([4, 3, 5]), x),
    () => numbers([3, 1]),
  ),
  {
    name: 'concat',
    ops: ['ConcatV2'],
    inputs: () => [numbers([2, 3]), numbers([2, 1], 2), numbers([2, 4], 3)],
    run: (...all) => tf.concat(all, -1),
  },
  {
    name: 'stack',
    ops: ['Pack'],
    inputs: () => [numbers([2, 3]), numbers([2, 3], 2)],
    run: (...all) => tf.stack(all, 1),
  },
  { name: 'unstack', ops: ['Unpack'], inputs: () => [numbers([2, 3, 4])], run: (x) => tf.unstack(x, 1) },
  {
    name: 'split',
    ops: ['SplitV'],
    inputs: () => [numbers([2, 7])],
    run: (x) => tf.split(x, [1, 4, 2], 1),
  },
  unary(
    'slice',
    'Slice',
    (x) => tf.slice(x, [1, 0, 2], [2, -1, 2]),
    () => numbers([4, 3, 5]),
  ),
  unary(
    'stridedSlice',
    'StridedSlice',
    (x) => tf.stridedSlice(x, [3, 1], [0, 5], [-2, 2]),
    () => numbers([4, 6]),
  ),
  unary(
    'tile',
    'Tile',
    (x) => tf.tile(x, [2, 1, 3]),
    () => numbers([2, 3, 2]),
  ),
  unary(
    'transpose',
    'Transpose',
    (x) => tf.transpose(x, [2, 0, 1]),
    () => numbers([2, 3, 4]),
  ),
  unary(
    'reshape',
    'Reshape',
    (x) => tf.add(tf.reshape(x, [-1, 6]), 1),
    () => numbers([3, 4]),
  ),
  unary(
    'expandDims',
    'ExpandDims',
    (x) => tf.add(tf.expandDims(x, 1), 1),
    () => numbers([3, 4]),
  ),
  unary(
    'pad',
    'PadV2',
    (x) =>
      tf.pad(
        x,
        [
          [1, 0],
          [2, 3],
        ],
        7,
      ),
    () => numbers([3, 4]),
  ),
  unary(
    'reverse',
    'ReverseV2',
    (x) => tf.reverse(x, [1]),
    () => numbers([3, 4, 2]),
  ),
  unary(
    'zerosLike',
    'ZerosLike',
    (x) => tf.zerosLike(x),
    () => numbers([3, 4]),
  ),
  unary(
    'onesLike',
    'OnesLike',
    (x) => tf.onesLike(x),
    () => integers([3, 4]),
  ),
  unary(
    'fill',
    'Fill',
    (x) => tf.add(x, tf.fill([2, 3], 2.5)),
    () => numbers([2, 3]),
  ),
  unary(
    'range',
    'Range',
    (x) => tf.add(x, tf.range(2, 11, 3)),
    () => numbers([3]),
  ),
];

const indices = (): tf.Tensor =>
  tf.tensor2d(
    [
      [2, 0, 3],
      [1, 1, 2],
    ],
    [2, 3],
    'int32',
  );

export const INDEXED: readonly LoweringCase[] = [
  {
    name: 'gather',
    ops: ['GatherV2'],
    inputs: () => [numbers([4, 5]), indices()],
    run: (x, i) => tf.gather(x, i),
  },
  {
    name: 'gather along another axis',
    ops: ['GatherV2'],
    inputs: () => [numbers([3, 4, 2]), indices()],
    run: (x, i) => tf.gather(x, i, 1),
  },
  {
    name: 'gatherND',
    ops: ['GatherNd'],
    inputs: () => [
      numbers([4, 3, 2]),
      tf.tensor2d(
        [
          [0, 1],
          [3, 2],
        ],
        [2, 2],
        'int32',
      ),
    ],
    run: (x, i) => tf.gatherND(x, i),
  },
  {
    name: 'scatterND',
    ops: ['ScatterNd'],
    inputs: () => [tf.tensor2d([[1], [3], [1]], [3, 1], 'int32'), numbers([3, 4])],
    run: (i, x) => tf.scatterND(i, x, [5, 4]),
  },
  {
    name: 'tensorScatterUpdate',
    ops: ['TensorScatterUpdate'],
    inputs: () => [numbers([5, 4]), tf.tensor2d([[1], [3]], [2, 1], 'int32'), numbers([2, 4], 4)],
    run: (t, i, x) => tf.tensorScatterUpdate(t, i, x),
  },
  {
    name: 'unsortedSegmentSum',
    ops: ['UnsortedSegmentSum'],
    inputs: () => [numbers([5, 3]), tf.tensor1d([0, 2, 2, 0, 1], 'int32')],
    run: (x, i) => tf.unsortedSegmentSum(x, i as tf.Tensor1D, 4),
  },
  unary('oneHot', 'OneHot', (i) => tf.oneHot(tf.cast(i, 'int32'), 5, 3, -1), indices),
];
