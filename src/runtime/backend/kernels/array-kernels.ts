/** Kernels for shapes, slices, joins, gathers and constants: TensorFlow's array ops. Pure. */
import type { Handle } from '../../tensorflow/op-executor.js';
import type { TensorInfo } from '../tensor-info.js';
import type { DataType } from '@tensorflow/tfjs';

import { int, string } from '../../tensorflow/attributes.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { checkResultCount } from '../../tensorflow/native-checks.js';
import { codeOf } from '../data-types.js';
import { input, inputList, type Kernel, type KernelTable, sizeOf } from '../kernel.js';
import { attributes, type KernelScope, NO_ATTRIBUTES } from '../kernel-scope.js';

const utf8 = new TextEncoder();

/** Makes a scalar of any tfjs type, also a string or a complex number. */
function scalarOf(scope: KernelScope, value: number | string, dtype: DataType): Handle {
  if (dtype !== 'string') return scope.scalar(Number(value), codeOf(dtype));
  return scope.executor.fromHost([utf8.encode(String(value))], [], DataTypeCode.String);
}

function filledTensor(scope: KernelScope, shape: number[], value: number | string, dtype: DataType): Handle {
  const scalar = scalarOf(scope, value, dtype);
  const filled = scope.fill(shape, scalar);
  scalar.dispose();
  return filled;
}

const fill: Kernel = (
  scope,
  _inputs,
  { shape, value, dtype }: { shape: number[]; value: number | string; dtype?: DataType },
) => filledTensor(scope, shape, value, dtype ?? scope.tfjs.util.inferDtype(value));

const concat: Kernel = (scope, inputs, { axis }: { axis: number }) => {
  const all = inputList(inputs);
  const first = all[0];
  if (!first) throw new TypeError('The kernel was called without tensors to concatenate.');
  const [parsed] = scope.tfjs.util.parseAxisParam(axis, first.shape);
  scope.tfjs.backend_util.assertParamsConsistent(
    all.map((info) => info.shape),
    parsed as number,
  );
  const nonEmpty = all.filter((info) => sizeOf(info.shape) > 0);
  if (nonEmpty.length === 1 && all.every((info) => sizeOf(info.shape) > 0 || info.shape[parsed as number] === 0)) {
    return scope.in(nonEmpty[0] as (typeof all)[0]);
  }
  return scope.op('ConcatV2', [all.map((info) => scope.in(info)), scope.intScalar(parsed as number)]);
};

const slice: Kernel = (scope, inputs, { begin, size }: { begin: number | number[]; size: number | number[] }) => {
  const info = input(inputs, 'x');
  const [parsedBegin, parsedSize] = scope.tfjs.slice_util.parseSliceParams(info, begin, size) as [number[], number[]];
  scope.tfjs.slice_util.assertParamsValid(info, parsedBegin, parsedSize);
  return scope.op('Slice', [scope.in(info), scope.ints(parsedBegin), scope.ints(parsedSize)]);
};

interface StridedSliceAttributes {
  readonly begin: number[];
  readonly end: number[];
  readonly strides: number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

const stridedSlice: Kernel = (scope, inputs, given: StridedSliceAttributes) => {
  const info = input(inputs, 'x');
  // Throws tfjs's errors for invalid masks.
  scope.tfjs.slice_util.sliceInfo(
    info.shape,
    given.begin,
    given.end,
    given.strides,
    given.beginMask,
    given.endMask,
    given.ellipsisMask,
    given.newAxisMask,
    given.shrinkAxisMask,
  );
  return scope.op(
    'StridedSlice',
    [scope.in(info), scope.ints(given.begin), scope.ints(given.end), scope.ints(given.strides)],
    attributes(
      int('begin_mask', given.beginMask),
      int('end_mask', given.endMask),
      int('ellipsis_mask', given.ellipsisMask),
      int('new_axis_mask', given.newAxisMask),
      int('shrink_axis_mask', given.shrinkAxisMask),
    ),
  );
};

const splitV: Kernel = (
  scope,
  inputs,
  { numOrSizeSplits, axis }: { numOrSizeSplits: number | number[]; axis: number },
) => {
  const info = input(inputs, 'x');
  const [parsed] = scope.tfjs.util.parseAxisParam(axis, info.shape);
  if (typeof numOrSizeSplits === 'number') checkResultCount('SplitV', numOrSizeSplits);
  const sizes = scope.tfjs.backend_util.prepareSplitSize(info, numOrSizeSplits, parsed);
  return scope.ops(
    'SplitV',
    [scope.in(info), scope.ints(sizes), scope.intScalar(parsed as number)],
    sizes.length,
    attributes(int('num_split', sizes.length)),
  );
};

const unpack: Kernel = (scope, inputs, { axis }: { axis: number }) => {
  const info = input(inputs, 'value');
  const at = axis < 0 ? axis + info.shape.length : axis;
  const count = info.shape[at] as number;
  checkResultCount('Unpack', count);
  return count === 0
    ? []
    : scope.ops('Unpack', [scope.in(info)], count, attributes(int('axis', at), int('num', count)));
};

const gather: Kernel = (scope, inputs, { axis, batchDims }: { axis: number; batchDims: number }) => {
  const x = input(inputs, 'x');
  const indices = input(inputs, 'indices');
  const [parsed] = scope.tfjs.util.parseAxisParam(axis, x.shape);
  scope.tfjs.backend_util.segment_util.collectGatherOpShapeInfo(x, indices, parsed as number, batchDims);
  return scope.op(
    'GatherV2',
    [scope.in(x), scope.cast(scope.in(indices), DataTypeCode.Int32), scope.intScalar(parsed as number)],
    batchDims ? attributes(int('batch_dims', batchDims)) : NO_ATTRIBUTES,
  );
};

/** Casts like JavaScript: numbers are truncated toward zero, and every number except zero is true. */
const cast: Kernel = (scope, inputs, { dtype }: { dtype: DataType }) => {
  const x = scope.in(input(inputs, 'x'));
  const target = codeOf(dtype);
  if (x.dtype === target) return x;
  if (x.dtype === DataTypeCode.Complex64) {
    const real = scope.op('Real', [x]);
    return dtype === 'bool' ? scope.op('NotEqual', [real, scope.floatScalar(0)]) : scope.cast(real, target);
  }
  if (dtype === 'bool') return scope.op('NotEqual', [x, scope.scalar(0, x.dtype)]);
  return scope.cast(x, target);
};

const select: Kernel = (scope, inputs) => {
  const condition = input(inputs, 'condition');
  const chosen = input(inputs, 't');
  let mask = scope.cast(scope.in(condition), DataTypeCode.Bool);
  // A vector as the condition selects rows.
  if (condition.shape.length === 1 && chosen.shape.length > 1) {
    mask = scope.reshape(mask, [condition.shape[0] as number, ...chosen.shape.slice(1).map(() => 1)]);
  }
  return scope.op('SelectV2', [mask, scope.in(chosen), scope.in(input(inputs, 'e'))]);
};

const oneHot: Kernel = (
  scope,
  inputs,
  given: { depth: number; onValue: number; offValue: number; dtype?: DataType },
) => {
  const dtype = codeOf(given.dtype ?? 'int32');
  const indices = scope.cast(scope.in(input(inputs, 'indices')), DataTypeCode.Int32);
  return scope.op('OneHot', [
    indices,
    scope.intScalar(given.depth),
    scope.scalar(given.onValue, dtype),
    scope.scalar(given.offValue, dtype),
  ]);
};

const like =
  (value: 0 | 1): Kernel =>
  (scope, inputs) => {
    const info = input(inputs, 'x');
    if (info.dtype === 'string') {
      if (value === 1) throw new Error('onesLike is not supported under string dtype');
      return filledTensor(scope, info.shape, '', 'string');
    }
    const x = scope.in(info);
    return x.dtype === DataTypeCode.Complex64
      ? scope.fill(info.shape, scope.scalar(value, x.dtype))
      : scope.op(value === 0 ? 'ZerosLike' : 'OnesLike', [x]);
  };

const pad: Kernel = (
  scope,
  inputs,
  { paddings, constantValue }: { paddings: [number, number][]; constantValue: number },
) => {
  const x = scope.in(input(inputs, 'x'));
  return scope.op('PadV2', [x, scope.intMatrix(paddings, 2), scope.scalar(constantValue, x.dtype)]);
};

const range: Kernel = (scope, _inputs, given: { start: number; stop: number; step: number; dtype: DataType }) => {
  const dtype = codeOf(given.dtype);
  // tfjs steps toward `stop`, whatever the sign of the step.
  const wrongWay =
    given.start === given.stop ||
    (given.start < given.stop && given.step < 0) ||
    (given.stop < given.start && given.step > 1);
  if (wrongWay) return scope.fill([0], scope.scalar(0, dtype));
  const step = given.stop < given.start && given.step === 1 ? -1 : given.step;
  return scope.op('Range', [
    scope.scalar(given.start, dtype),
    scope.scalar(given.stop, dtype),
    scope.scalar(step, dtype),
  ]);
};

const tile: Kernel = (scope, inputs, { reps }: { reps: number[] }) => {
  const info = input(inputs, 'x');
  const x = scope.in(info);
  // Repetitions may have more axes than the tensor.
  const rank = Math.max(reps.length, info.shape.length);
  const shape = [...Array<number>(rank - info.shape.length).fill(1), ...info.shape];
  const full = [...Array<number>(rank - reps.length).fill(1), ...reps];
  return scope.op('Tile', [rank === info.shape.length ? x : scope.reshape(x, shape), scope.ints(full)]);
};

/**
 * Indexes the first axis with a vector: tfjs accepts it, TensorFlow requires a matrix with one column. TensorFlow ends
 * the process when the updates have fewer axes than there are axes of indices.
 */
function scatterIndices(scope: KernelScope, info: TensorInfo, updates: TensorInfo): Handle {
  if (info.shape.length === 0 || updates.shape.length < info.shape.length - 1) {
    throw new Error(
      `Indices of shape [${info.shape.join()}] need updates of more axes than [${updates.shape.join()}].`,
    );
  }
  const indices = scope.cast(scope.in(info), DataTypeCode.Int32);
  return info.shape.length === 1 ? scope.reshape(indices, [info.shape[0] as number, 1]) : indices;
}

const transpose: Kernel = (scope, inputs, { perm }: { perm: number[] }) =>
  scope.transpose(scope.in(input(inputs, 'x')), perm);

export const ARRAY_KERNELS: KernelTable = {
  BatchToSpaceND: (scope, inputs, { blockShape, crops }: { blockShape: number[]; crops: number[][] }) =>
    scope.op('BatchToSpaceND', [scope.in(input(inputs, 'x')), scope.ints(blockShape), scope.intMatrix(crops, 2)]),
  BroadcastArgs: (scope, inputs) =>
    scope.op('BroadcastArgs', [scope.in(input(inputs, 's0')), scope.in(input(inputs, 's1'))]),
  BroadcastTo: (scope, inputs, { shape }: { shape: number[] }) =>
    scope.op('BroadcastTo', [scope.in(input(inputs, 'x')), scope.ints(shape)]),
  Cast: cast,
  Concat: concat,
  DepthToSpace: (scope, inputs, { blockSize, dataFormat }: { blockSize: number; dataFormat: 'NHWC' | 'NCHW' }) => {
    const x = scope.in(input(inputs, 'x'));
    const set = attributes(int('block_size', blockSize), string('data_format', 'NHWC'));
    if (dataFormat === 'NHWC') return scope.op('DepthToSpace', [x], set);
    return scope.transpose(scope.op('DepthToSpace', [scope.transpose(x, [0, 2, 3, 1])], set), [0, 3, 1, 2]);
  },
  Diag: (scope, inputs) => {
    const x = scope.in(input(inputs, 'x'));
    return x.dtype === DataTypeCode.Bool
      ? scope.cast(scope.op('Diag', [scope.cast(x, DataTypeCode.Int32)]), DataTypeCode.Bool)
      : scope.op('Diag', [x]);
  },
  ExpandDims: (scope, inputs, { dim }: { dim: number }) => {
    const info = input(inputs, 'input');
    return scope.op('ExpandDims', [scope.in(info), scope.intScalar(dim)]);
  },
  Fill: fill,
  GatherNd: (scope, inputs) =>
    scope.op('GatherNd', [
      scope.in(input(inputs, 'params')),
      scope.cast(scope.in(input(inputs, 'indices')), DataTypeCode.Int32),
    ]),
  GatherV2: gather,
  LinSpace: (scope, _inputs, { start, stop, num }: { start: number; stop: number; num: number }) =>
    scope.op('LinSpace', [scope.floatScalar(start), scope.floatScalar(stop), scope.intScalar(num)]),
  MirrorPad: (scope, inputs, { paddings, mode }: { paddings: [number, number][]; mode: 'reflect' | 'symmetric' }) =>
    scope.op(
      'MirrorPad',
      [scope.in(input(inputs, 'x')), scope.intMatrix(paddings, 2)],
      attributes(string('mode', mode.toUpperCase())),
    ),
  OneHot: oneHot,
  OnesLike: like(1),
  ZerosLike: like(0),
  Pack: (scope, inputs, { axis }: { axis: number }) =>
    scope.op('Pack', [inputList(inputs).map((info) => scope.in(info))], attributes(int('axis', axis))),
  PadV2: pad,
  Range: range,
  Reshape: (scope, inputs, { shape }: { shape: number[] }) => {
    const info = input(inputs, 'x');
    const inferred = scope.tfjs.util.inferFromImplicitShape(shape, sizeOf(info.shape));
    return scope.reshape(scope.in(info), inferred);
  },
  Reverse: (scope, inputs, { dims }: { dims: number | number[] }) => {
    const info = input(inputs, 'x');
    return scope.op('ReverseV2', [scope.in(info), scope.ints(scope.tfjs.util.parseAxisParam(dims, info.shape))]);
  },
  ScatterNd: (scope, inputs, { shape }: { shape: number[] }) =>
    scope.op('ScatterNd', [
      scatterIndices(scope, input(inputs, 'indices'), input(inputs, 'updates')),
      scope.in(input(inputs, 'updates')),
      scope.ints(shape),
    ]),
  TensorScatterUpdate: (scope, inputs) =>
    scope.op('TensorScatterUpdate', [
      scope.in(input(inputs, 'tensor')),
      scatterIndices(scope, input(inputs, 'indices'), input(inputs, 'updates')),
      scope.in(input(inputs, 'updates')),
    ]),
  Select: select,
  Slice: slice,
  SpaceToBatchND: (scope, inputs, { blockShape, paddings }: { blockShape: number[]; paddings: number[][] }) =>
    scope.op('SpaceToBatchND', [scope.in(input(inputs, 'x')), scope.ints(blockShape), scope.intMatrix(paddings, 2)]),
  SplitV: splitV,
  StridedSlice: stridedSlice,
  Tile: tile,
  Transpose: transpose,
  Unpack: unpack,
};
