/** Kernels for two- and three-dimensional pools and their gradients. Pure. */
import type { AttributeSet, OpAttribute } from '../../tensorflow/attributes.js';
import type { Handle } from '../../tensorflow/op-executor.js';
import type { backend_util } from '@tensorflow/tfjs';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { bool, intList, string, type } from '../../tensorflow/attributes.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { checkInt32 } from '../../tensorflow/native-checks.js';
import { input, type Kernel, type KernelTable } from '../kernel.js';
import { attributes, type KernelScope } from '../kernel-scope.js';

import {
  type AxisPadding,
  checkGradient,
  isNamedPadding,
  padMatrix,
  spatialPadding,
  spatialStrides,
  volumePadding,
  volumeStrides,
} from './nn-geometry.js';

interface PoolAttributes {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

interface Pool3DAttributes {
  readonly filterSize: [number, number, number] | number;
  readonly strides: [number, number, number] | number;
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** A pool, as TensorFlow takes it. */
interface Pool {
  readonly attributes: AttributeSet;
  readonly outShape: readonly number[];
  /** Whether it is a 1×1 window that keeps the shape. tfjs returns the input then, whatever the padding. */
  readonly isIdentity: boolean;
  /** The explicit padding; undefined if TensorFlow knows the padding by its name. */
  readonly padding: readonly AxisPadding[] | undefined;
}

/**
 * The cells of a window must be countable: TensorFlow visits each of them, also those in the padding. The gradient of a
 * window without cells writes into memory that is not its own.
 */
function windowSize(...sizes: number[]): OpAttribute {
  if (sizes.some((size) => size < 1)) {
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      `The window of a pool must have a size of at least 1, not [${sizes.join(',')}].`,
    );
  }
  checkInt32(sizes.reduce((product, size) => product * size, 1));
  return intList('ksize', [1, ...sizes, 1]);
}

function pool2D(scope: KernelScope, inputShape: readonly number[], given: PoolAttributes): Pool {
  const info = scope.tfjs.backend_util.computePool2DInfo(
    inputShape as never,
    given.filterSize,
    given.strides,
    1,
    given.pad,
    given.dimRoundingMode,
  );
  const named = isNamedPadding(info.padInfo.type);
  return {
    attributes: attributes(
      windowSize(info.filterHeight, info.filterWidth),
      intList('strides', [1, ...spatialStrides(info), 1]),
      string('padding', named ? info.padInfo.type : 'VALID'),
    ),
    outShape: info.outShape,
    isIdentity:
      info.filterHeight === 1 && info.filterWidth === 1 && scope.tfjs.util.arraysEqual(info.inShape, info.outShape),
    padding: named ? undefined : spatialPadding(info),
  };
}

function pool3D(scope: KernelScope, inputShape: readonly number[], given: Pool3DAttributes): Pool {
  const info = scope.tfjs.backend_util.computePool3DInfo(
    inputShape as never,
    given.filterSize,
    given.strides,
    1,
    given.pad,
    given.dimRoundingMode,
    'NDHWC',
  );
  const named = isNamedPadding(info.padInfo.type);
  return {
    attributes: attributes(
      windowSize(info.filterDepth, info.filterHeight, info.filterWidth),
      intList('strides', [1, ...volumeStrides(info), 1]),
      string('padding', named ? info.padInfo.type : 'VALID'),
    ),
    outShape: info.outShape,
    isIdentity: false,
    padding: named ? undefined : volumePadding(info),
  };
}

function padWith(scope: KernelScope, x: Handle, padding: readonly AxisPadding[], value: number): Handle {
  return scope.op('PadV2', [x, scope.intMatrix(padMatrix(padding), 2), scope.scalar(value, x.dtype)]);
}

/** Removes the padding from the gradient of a padded tensor. */
function removePadding(
  scope: KernelScope,
  gradient: Handle,
  padding: readonly AxisPadding[],
  shape: readonly number[],
): Handle {
  return scope.op('Slice', [gradient, scope.ints([0, ...padding.map(({ before }) => before), 0]), scope.ints(shape)]);
}

/** Computes which share of each window covers real cells, for an average pool with explicit padding. */
function coverage(scope: KernelScope, op: string, shape: readonly number[], pool: Pool): Handle {
  const ones = scope.fill([1, ...shape.slice(1, -1), 1], scope.floatScalar(1));
  return scope.op(op, [padWith(scope, ones, pool.padding as AxisPadding[], 0)], pool.attributes);
}

/** Computes the pools that TensorFlow rejects or computes differently: an empty result, and tfjs's identity. */
function trivialPool(scope: KernelScope, x: Handle, pool: Pool): Handle | undefined {
  if (pool.isIdentity) return x;
  if (pool.outShape.some((size) => size <= 0))
    return scope.fill(
      pool.outShape.map((size) => Math.max(0, size)),
      scope.scalar(0, x.dtype),
    );
  return undefined;
}

function maxPool(scope: KernelScope, op: string, x: Handle, pool: Pool): Handle {
  const trivial = trivialPool(scope, x, pool);
  if (trivial) return trivial;
  const padded = pool.padding ? padWith(scope, x, pool.padding, -Infinity) : x;
  return scope.op(op, [padded], pool.attributes);
}

function averagePool(scope: KernelScope, op: string, x: Handle, pool: Pool): Handle {
  const trivial = trivialPool(scope, x, pool);
  if (trivial) return trivial;
  if (!pool.padding) return scope.op(op, [x], pool.attributes);
  const sums = scope.op(op, [padWith(scope, x, pool.padding, 0)], pool.attributes);
  return scope.op('DivNoNan', [sums, coverage(scope, op, x.shape, pool)]);
}

function maxPoolGradient(
  scope: KernelScope,
  op: string,
  handles: { dy: Handle; x: Handle; y: Handle },
  pool: Pool,
): Handle {
  const { dy, x, y } = handles;
  checkGradient(dy, pool.outShape);
  checkGradient(y, pool.outShape);
  if (!pool.padding) return scope.op(op, [x, y, dy], pool.attributes);
  const dx = scope.op(op, [padWith(scope, x, pool.padding, -Infinity), y, dy], pool.attributes);
  return removePadding(scope, dx, pool.padding, x.shape);
}

function averagePoolGradient(
  scope: KernelScope,
  op: string,
  forward: string,
  dy: Handle,
  shape: readonly number[],
  pool: Pool,
): Handle {
  checkGradient(dy, pool.outShape);
  if (!pool.padding) return scope.op(op, [scope.ints(shape), dy], pool.attributes);
  const padded = shape.map((size, axis) => {
    const at = pool.padding?.[axis - 1];
    return at && axis > 0 && axis < shape.length - 1 ? size + at.before + at.after : size;
  });
  const share = scope.op('DivNoNan', [dy, coverage(scope, forward, shape, pool)]);
  return removePadding(scope, scope.op(op, [scope.ints(padded), share], pool.attributes), pool.padding, shape);
}

/** Casts the result for an `int32` input back: tfjs pools integers, but TensorFlow does not on every device. */
function floatPool(scope: KernelScope, info: { dtype: string }, run: () => Handle): Handle {
  const y = run();
  return info.dtype === 'int32' ? scope.cast(y, DataTypeCode.Int32) : y;
}

const maxPoolWithArgmax: Kernel = (scope, inputs, given: PoolAttributes & { includeBatchInIndex: boolean }) => {
  const x = input(inputs, 'x');
  const info = scope.tfjs.backend_util.computePool2DInfo(
    x.shape as never,
    given.filterSize,
    given.strides,
    [1, 1],
    given.pad,
  );
  // tfjs ignores NaN; TensorFlow's kernel does not.
  const handle = scope.in(x);
  const comparable = scope.op('SelectV2', [scope.op('IsNan', [handle]), scope.floatScalar(-Infinity), handle]);
  const [y, positions] = scope.ops(
    'MaxPoolWithArgmax',
    [comparable],
    2,
    attributes(
      windowSize(info.filterHeight, info.filterWidth),
      intList('strides', [1, ...spatialStrides(info), 1]),
      string('padding', info.padInfo.type),
      bool('include_batch_in_index', given.includeBatchInIndex),
      type('Targmax', DataTypeCode.Int64),
    ),
  );
  return [y as Handle, scope.cast(positions as Handle, DataTypeCode.Int32)];
};

export const POOL_KERNELS: KernelTable = {
  MaxPool: (scope, inputs, given: PoolAttributes) => {
    const x = input(inputs, 'x');
    return floatPool(scope, x, () =>
      maxPool(scope, 'MaxPool', scope.toFloat(scope.in(x)), pool2D(scope, x.shape, given)),
    );
  },
  AvgPool: (scope, inputs, given: PoolAttributes) => {
    const x = input(inputs, 'x');
    return floatPool(scope, x, () =>
      averagePool(scope, 'AvgPool', scope.toFloat(scope.in(x)), pool2D(scope, x.shape, given)),
    );
  },
  MaxPool3D: (scope, inputs, given: Pool3DAttributes) => {
    const x = input(inputs, 'x');
    return maxPool(scope, 'MaxPool3D', scope.toFloat(scope.in(x)), pool3D(scope, x.shape, given));
  },
  AvgPool3D: (scope, inputs, given: Pool3DAttributes) => {
    const x = input(inputs, 'x');
    return averagePool(scope, 'AvgPool3D', scope.toFloat(scope.in(x)), pool3D(scope, x.shape, given));
  },
  MaxPoolGrad: (scope, inputs, given: PoolAttributes) => {
    const x = input(inputs, 'input');
    const handles = { dy: scope.in(input(inputs, 'dy')), x: scope.in(x), y: scope.in(input(inputs, 'output')) };
    return maxPoolGradient(scope, 'MaxPoolGrad', handles, pool2D(scope, x.shape, given));
  },
  MaxPool3DGrad: (scope, inputs, given: Pool3DAttributes) => {
    const x = input(inputs, 'input');
    const handles = { dy: scope.in(input(inputs, 'dy')), x: scope.in(x), y: scope.in(input(inputs, 'output')) };
    return maxPoolGradient(scope, 'MaxPool3DGrad', handles, pool3D(scope, x.shape, given));
  },
  AvgPoolGrad: (scope, inputs, given: PoolAttributes) => {
    const { shape } = input(inputs, 'input');
    return averagePoolGradient(
      scope,
      'AvgPoolGrad',
      'AvgPool',
      scope.in(input(inputs, 'dy')),
      shape,
      pool2D(scope, shape, given),
    );
  },
  AvgPool3DGrad: (scope, inputs, given: Pool3DAttributes) => {
    const { shape } = input(inputs, 'input');
    return averagePoolGradient(
      scope,
      'AvgPool3DGrad',
      'AvgPool3D',
      scope.in(input(inputs, 'dy')),
      shape,
      pool3D(scope, shape, given),
    );
  },
  MaxPoolWithArgmax: maxPoolWithArgmax,
};
