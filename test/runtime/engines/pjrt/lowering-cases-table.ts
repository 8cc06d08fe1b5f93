/**
 * What TensorFlow.js computes on its own backend and, through a lowering, on XLA. Each case names the ops of TensorFlow
 * that its recording has, at least.
 */
import * as tf from '@tensorflow/tfjs';

/** One function of tensors. */
export interface LoweringCase {
  readonly name: string;
  readonly ops: readonly string[];
  readonly inputs: () => tf.Tensor[];
  readonly run: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
}

/** Different numbers around zero, the same in every run. */
function numbers(shape: number[], seed = 1): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Float32Array.from({ length: size }, (_, index) => Math.sin(index * 12.9898 + seed * 78.233) * 2.3);
  return tf.tensor(values, shape);
}

const positive = (shape: number[], seed = 1): tf.Tensor => tf.add(tf.abs(numbers(shape, seed)), 0.1);
const integers = (shape: number[], seed = 1): tf.Tensor => tf.cast(tf.mul(numbers(shape, seed), 3), 'int32');
/** Positive, negative, zero, infinite and not a number. */
const special = (): tf.Tensor => tf.tensor1d([0, -0, 1, -1, 0.5, -2.5, 1.5, Infinity, -Infinity, NaN, 3.7, -3.7]);
const each = (x: tf.Tensor): tf.Tensor4D => x as tf.Tensor4D;

function unary(name: string, op: string, run: (x: tf.Tensor) => tf.Tensor, input = special): LoweringCase {
  return { name, ops: [op], inputs: () => [input()], run: (x) => run(x as tf.Tensor) };
}

function binary(
  name: string,
  op: string,
  run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  kind = numbers,
): LoweringCase {
  return {
    name,
    ops: [op],
    inputs: () => [kind([3, 1, 5], 1), kind([4, 1], 2)],
    run: (a, b) => run(a as tf.Tensor, b as tf.Tensor),
  };
}

/** The gradients of a function, with another weight for each element of its result. */
function gradients(run: (...inputs: tf.Tensor[]) => tf.Tensor): (...inputs: tf.Tensor[]) => tf.Tensor[] {
  return (...inputs) =>
    tf.grads((...given: tf.Tensor[]) => {
      const y = run(...given);
      return tf.sum(tf.mul(y, numbers(y.shape, 7)));
    })(inputs);
}

const inUnit = (): tf.Tensor => tf.tensor1d([-0.99, -0.5, 0, 0.25, 0.99, 1]);
const logical = (): tf.Tensor[] => [tf.greater(numbers([3, 4]), 0), tf.greater(numbers([3, 4], 5), 0)];

const ELEMENT_WISE: readonly LoweringCase[] = [
  unary('abs', 'Abs', tf.abs),
  unary('acos', 'Acos', tf.acos, inUnit),
  unary('acosh', 'Acosh', tf.acosh, () => tf.tensor1d([1, 1.5, 20])),
  unary('asin', 'Asin', tf.asin, inUnit),
  unary('asinh', 'Asinh', tf.asinh, () => numbers([7])),
  unary('atan', 'Atan', tf.atan),
  unary('atanh', 'Atanh', tf.atanh, () => tf.tensor1d([-0.9, 0, 0.3])),
  unary('ceil', 'Ceil', tf.ceil),
  unary('cos', 'Cos', tf.cos, () => numbers([5, 3])),
  unary('cosh', 'Cosh', tf.cosh, () => numbers([5, 3])),
  unary('erf', 'Erf', tf.erf, () => numbers([9])),
  unary('exp', 'Exp', tf.exp),
  unary('expm1', 'Expm1', tf.expm1),
  unary('floor', 'Floor', tf.floor),
  unary('isFinite', 'IsFinite', tf.isFinite),
  unary('isInf', 'IsInf', tf.isInf),
  unary('isNaN', 'IsNan', tf.isNaN),
  unary('log', 'Log', tf.log),
  unary('log1p', 'Log1p', tf.log1p, () => tf.tensor1d([-0.5, 0, 1e-4, 9])),
  unary('neg', 'Neg', tf.neg),
  unary('neg of integers', 'Neg', tf.neg, () => integers([4, 3])),
  unary('reciprocal', 'Reciprocal', tf.reciprocal, () => positive([4])),
  unary('round', 'Round', tf.round),
  unary('rsqrt', 'Rsqrt', tf.rsqrt, () => positive([4])),
  unary('sigmoid', 'Sigmoid', tf.sigmoid),
  unary('sign', 'Sign', tf.sign),
  unary('sin', 'Sin', tf.sin, () => numbers([5, 3])),
  unary('sinh', 'Sinh', tf.sinh, () => numbers([5, 3])),
  unary('softplus', 'Softplus', tf.softplus, () => tf.tensor1d([-80, -1, 0, 1, 80])),
  unary('sqrt', 'Sqrt', tf.sqrt, () => positive([4])),
  unary('square', 'Square', tf.square),
  unary('tan', 'Tan', tf.tan, () => numbers([5])),
  unary('tanh', 'Tanh', tf.tanh),
  unary('elu', 'Elu', tf.elu),
  unary('selu', 'Selu', tf.selu),
  unary('relu', 'Relu', tf.relu),
  unary('relu6', 'Relu6', tf.relu6, () => tf.tensor1d([-2, 0, 3, 6, 7])),
  unary('leakyRelu', 'LeakyRelu', (x) => tf.leakyRelu(x, 0.3)),
  unary('step', 'Greater', (x) => tf.step(x, 0.25)),
  unary('clip', 'ClipByValue', (x) => tf.clipByValue(x, -1, 2)),
  unary(
    'cast to integers',
    'Cast',
    (x) => tf.cast(x, 'int32'),
    () => numbers([9]),
  ),
  unary(
    'cast to booleans',
    'NotEqual',
    (x) => tf.cast(x, 'bool'),
    () => tf.tensor1d([0, -0, 2, -0.5]),
  ),
  unary(
    'cast from booleans',
    'Cast',
    (x) => tf.cast(tf.greater(x, 1), 'float32'),
    () => numbers([9]),
  ),
  unary(
    'logicalNot',
    'LogicalNot',
    (x) => tf.logicalNot(tf.greater(x, 0)),
    () => numbers([9]),
  ),
  binary('add', 'AddV2', tf.add),
  binary('add integers', 'AddV2', tf.add, integers),
  binary('atan2', 'Atan2', tf.atan2),
  binary('div', 'RealDiv', tf.div, positive),
  binary('divNoNan', 'SelectV2', tf.divNoNan, (shape, seed) => tf.mul(integers(shape, seed), 1)),
  binary('floorDiv', 'FloorDiv', tf.floorDiv, positive),
  binary(
    'floorDiv of integers',
    'FloorDiv',
    (a, b) => tf.floorDiv(a, tf.add(b, tf.add(b, tf.scalar(1, 'int32')))),
    integers,
  ),
  binary('mod', 'FloorMod', (a, b) => tf.mod(a, tf.add(tf.mul(b, 2), 1)), integers),
  binary('mod of floats', 'FloorMod', tf.mod),
  binary('maximum', 'Maximum', tf.maximum),
  binary('minimum', 'Minimum', tf.minimum),
  binary('mul', 'Mul', tf.mul),
  binary('pow', 'Pow', tf.pow, positive),
  binary('squaredDifference', 'SquaredDifference', tf.squaredDifference),
  binary('sub', 'Sub', tf.sub),
  binary('equal', 'Equal', tf.equal, integers),
  binary('notEqual', 'NotEqual', tf.notEqual, integers),
  binary('greater', 'Greater', tf.greater, integers),
  binary('greaterEqual', 'GreaterEqual', tf.greaterEqual, integers),
  binary('less', 'Less', tf.less, integers),
  binary('lessEqual', 'LessEqual', tf.lessEqual, integers),
  {
    name: 'logicalAnd',
    ops: ['LogicalAnd'],
    inputs: logical,
    run: (a, b) => tf.logicalAnd(a as tf.Tensor, b as tf.Tensor),
  },
  {
    name: 'logicalOr',
    ops: ['LogicalOr'],
    inputs: logical,
    run: (a, b) => tf.logicalOr(a as tf.Tensor, b as tf.Tensor),
  },
  {
    name: 'where',
    ops: ['SelectV2'],
    inputs: () => [tf.greater(numbers([3, 4]), 0), numbers([3, 4], 2), numbers([3, 4], 3)],
    run: (c, a, b) => tf.where(c as tf.Tensor, a as tf.Tensor, b as tf.Tensor),
  },
  {
    name: 'addN',
    ops: ['AddN'],
    inputs: () => [numbers([3, 2]), numbers([3, 2], 2), numbers([3, 2], 3)],
    run: (...all) => tf.addN(all),
  },
  {
    name: 'gradients of activations',
    ops: ['ReluGrad', 'EluGrad'],
    inputs: () => [numbers([6, 5])],
    run: gradients((x) => tf.add(tf.elu(x as tf.Tensor), tf.mul(tf.relu(x as tf.Tensor), tf.sigmoid(x as tf.Tensor)))),
  },
];

const REDUCTIONS: readonly LoweringCase[] = [
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

const ARRAYS: readonly LoweringCase[] = [
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
  { name: 'unstack', ops: ['Unpack'], inputs: () => [numbers([2, 3, 4])], run: (x) => tf.unstack(x as tf.Tensor, 1) },
  {
    name: 'split',
    ops: ['SplitV'],
    inputs: () => [numbers([2, 7])],
    run: (x) => tf.split(x as tf.Tensor, [1, 4, 2], 1),
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

const INDEXED: readonly LoweringCase[] = [
  {
    name: 'gather',
    ops: ['GatherV2'],
    inputs: () => [numbers([4, 5]), indices()],
    run: (x, i) => tf.gather(x as tf.Tensor, i as tf.Tensor),
  },
  {
    name: 'gather along another axis',
    ops: ['GatherV2'],
    inputs: () => [numbers([3, 4, 2]), indices()],
    run: (x, i) => tf.gather(x as tf.Tensor, i as tf.Tensor, 1),
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
    run: (x, i) => tf.gatherND(x as tf.Tensor, i as tf.Tensor),
  },
  {
    name: 'scatterND',
    ops: ['ScatterNd'],
    inputs: () => [tf.tensor2d([[1], [3], [1]], [3, 1], 'int32'), numbers([3, 4])],
    run: (i, x) => tf.scatterND(i as tf.Tensor, x as tf.Tensor, [5, 4]),
  },
  {
    name: 'tensorScatterUpdate',
    ops: ['TensorScatterUpdate'],
    inputs: () => [numbers([5, 4]), tf.tensor2d([[1], [3]], [2, 1], 'int32'), numbers([2, 4], 4)],
    run: (t, i, x) => tf.tensorScatterUpdate(t as tf.Tensor, i as tf.Tensor, x as tf.Tensor),
  },
  {
    name: 'unsortedSegmentSum',
    ops: ['UnsortedSegmentSum'],
    inputs: () => [numbers([5, 3]), tf.tensor1d([0, 2, 2, 0, 1], 'int32')],
    run: (x, i) => tf.unsortedSegmentSum(x as tf.Tensor, i as tf.Tensor1D, 4),
  },
  unary('oneHot', 'OneHot', (i) => tf.oneHot(tf.cast(i, 'int32'), 5, 3, -1), indices),
];

const PRODUCTS: readonly LoweringCase[] = [
  ...[
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ].map(([ta = false, tb = false]): LoweringCase => ({
    name: `matMul ${String(ta)} ${String(tb)}`,
    ops: ['MatMul'],
    inputs: () => [numbers(ta ? [4, 3] : [3, 4]), numbers(tb ? [5, 4] : [4, 5], 2)],
    run: (a, b) => tf.matMul(a as tf.Tensor, b as tf.Tensor, ta, tb),
  })),
  {
    name: 'matMul of stacks',
    ops: ['BatchMatMulV2'],
    inputs: () => [numbers([2, 1, 3, 4]), numbers([5, 6, 4], 2)],
    run: (a, b) => tf.matMul(a as tf.Tensor, b as tf.Tensor, false, true),
  },
  {
    name: 'dense layer',
    ops: ['BiasAdd', 'MatMul'],
    inputs: () => [numbers([3, 4]), numbers([4, 5], 2), numbers([5], 3)],
    run: (x, w, b) => tf.add(tf.matMul(x as tf.Tensor, w as tf.Tensor), b as tf.Tensor),
  },
];

type Padding = 'same' | 'valid' | number;

function convolutions(): LoweringCase[] {
  const kinds: [string, number[], number[], [number, number], Padding, [number, number]][] = [
    ['valid', [2, 7, 6, 3], [3, 2, 3, 4], [1, 1], 'valid', [1, 1]],
    ['same', [2, 7, 6, 3], [3, 2, 3, 4], [1, 1], 'same', [1, 1]],
    ['strided', [2, 8, 7, 3], [3, 3, 3, 4], [2, 3], 'same', [1, 1]],
    ['strided, valid', [1, 8, 9, 2], [3, 3, 2, 4], [2, 2], 'valid', [1, 1]],
    ['dilated', [2, 9, 8, 2], [3, 2, 2, 3], [1, 1], 'same', [2, 3]],
    ['explicit padding', [1, 5, 6, 2], [3, 3, 2, 3], [1, 1], 1, [1, 1]],
  ];
  return kinds.flatMap(([name, x, w, strides, padding, dilations]): LoweringCase[] => {
    const run = (input?: tf.Tensor, filter?: tf.Tensor): tf.Tensor =>
      tf.conv2d(each(input as tf.Tensor), each(filter as tf.Tensor), strides, padding, 'NHWC', dilations);
    const inputs = (): tf.Tensor[] => [numbers(x), numbers(w, 2)];
    const isDilated = dilations.some((dilation) => dilation > 1);
    return [
      { name: `conv2d, ${name}`, ops: ['Conv2D'], inputs, run },
      // TensorFlow.js has no gradients of dilated convolutions.
      ...(isDilated
        ? []
        : [
            {
              name: `gradients of conv2d, ${name}`,
              ops: ['Conv2DBackpropInput', 'Conv2DBackpropFilter'],
              inputs,
              run: gradients(run),
            },
          ]),
    ];
  });
}

const depthwise =
  (strides: [number, number], padding: 'same' | 'valid') =>
  (x?: tf.Tensor, w?: tf.Tensor): tf.Tensor =>
    tf.depthwiseConv2d(each(x as tf.Tensor), each(w as tf.Tensor), strides, padding);

const volume = (x?: tf.Tensor, w?: tf.Tensor): tf.Tensor =>
  tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, [1, 2, 1], 'same');

const WINDOWS: readonly LoweringCase[] = [
  ...convolutions(),
  ...(['same', 'valid'] as const).flatMap((padding): LoweringCase[] => {
    const inputs = (): tf.Tensor[] => [numbers([2, 6, 7, 3]), numbers([3, 2, 3, 2], 2)];
    return [
      { name: `depthwiseConv2d, ${padding}`, ops: ['DepthwiseConv2dNative'], inputs, run: depthwise([2, 2], padding) },
      {
        name: `gradients of depthwiseConv2d, ${padding}`,
        ops: ['DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'],
        inputs,
        run: gradients(depthwise([1, 1], padding)),
      },
    ];
  }),
  {
    name: 'conv3d',
    ops: ['Conv3D'],
    inputs: () => [numbers([1, 4, 5, 3, 2]), numbers([2, 3, 2, 2, 3], 2)],
    run: volume,
  },
  {
    name: 'gradients of conv3d',
    ops: ['Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2'],
    inputs: () => [numbers([1, 4, 5, 3, 2]), numbers([2, 3, 2, 2, 3], 2)],
    run: gradients(volume),
  },
  ...(
    [
      [[2, 2], [2, 2], 'valid'],
      [[2, 2], [2, 2], 'same'],
      [[3, 2], [2, 1], 'same'],
      [[3, 3], [2, 2], 'valid'],
    ] as [[number, number], [number, number], 'same' | 'valid'][]
  ).flatMap(([size, strides, padding]): LoweringCase[] => {
    const name = `${size.join('x')} by ${strides.join('x')}, ${padding}`;
    const inputs = (): tf.Tensor[] => [numbers([2, 7, 5, 3])];
    const max = (x?: tf.Tensor): tf.Tensor => tf.maxPool(each(x as tf.Tensor), size, strides, padding);
    const average = (x?: tf.Tensor): tf.Tensor => tf.avgPool(each(x as tf.Tensor), size, strides, padding);
    return [
      { name: `maxPool ${name}`, ops: ['MaxPool'], inputs, run: max },
      { name: `avgPool ${name}`, ops: ['AvgPool'], inputs, run: average },
      { name: `gradient of maxPool ${name}`, ops: ['MaxPoolGrad'], inputs, run: gradients(max) },
      { name: `gradient of avgPool ${name}`, ops: ['AvgPoolGrad'], inputs, run: gradients(average) },
    ];
  }),
  {
    name: 'gradient of maxPool where elements are equal',
    ops: ['MaxPoolGrad'],
    inputs: () => [tf.relu(numbers([1, 6, 6, 2]))],
    run: gradients((x) => tf.maxPool(each(x as tf.Tensor), 2, 2, 'valid')),
  },
  ...(['MaxPool3D', 'AvgPool3D'] as const).flatMap((op): LoweringCase[] => {
    const pool = op === 'MaxPool3D' ? tf.maxPool3d : tf.avgPool3d;
    const run = (x?: tf.Tensor): tf.Tensor => pool(x as tf.Tensor5D, [2, 3, 2], [1, 2, 2], 'same');
    const inputs = (): tf.Tensor[] => [numbers([1, 4, 5, 6, 2])];
    return [
      { name: op, ops: [op], inputs, run },
      { name: `gradient of ${op}`, ops: [`${op}Grad`], inputs, run: gradients(run) },
    ];
  }),
  {
    name: 'batchNorm',
    ops: ['FusedBatchNorm'],
    inputs: () => [numbers([2, 3, 4, 5]), numbers([5], 2), positive([5], 3), numbers([5], 4), numbers([5], 5)],
    run: (x, mean, variance, offset, scale) =>
      tf.batchNorm4d(
        each(x as tf.Tensor),
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
      ),
  },
];

export const LOWERING_CASES: readonly LoweringCase[] = [
  ...ELEMENT_WISE,
  ...REDUCTIONS,
  ...ARRAYS,
  ...INDEXED,
  ...PRODUCTS,
  ...WINDOWS,
];

/**
 * Cases in which TensorFlow.js's own backend differs from TensorFlow: it gives integers, broadcasts wrongly, divides by
 * the whole window where a part is padding, or takes zeros of the padding for elements.
 */
export const DIFFERENT_IN_TFJS: ReadonlySet<string> = new Set([
  'floorDiv',
  'floorDiv of integers',
  'matMul of stacks',
  'gradient of avgPool 2x2 by 2x2, same',
  'gradient of avgPool 3x2 by 2x1, same',
  'gradient of MaxPool3D',
  'gradient of AvgPool3D',
]);
