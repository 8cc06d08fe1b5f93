/**
 * Kernels for activations, normalization, fused layers and matrix products: TensorFlow's nn and linear algebra ops.
 * Pure.
 */
import type { Handle } from '../../tensorflow/op-executor.js';

import { bool, float, int, intList, string } from '../../tensorflow/attributes.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { input, inputList, type Kernel, type KernelInputs, type KernelTable, sizeOf } from '../kernel.js';
import { attributes, type KernelScope } from '../kernel-scope.js';

import { type ConvolutionAttributes, convolutionInfo, convolve } from './convolution-kernels.js';
import { depthwiseConvolve } from './depthwise-kernels.js';
import { checkDilations, spatialStrides } from './nn-geometry.js';

const activation =
  (op: string): Kernel =>
  (scope, inputs) =>
    scope.op(op, [scope.toFloat(scope.in(input(inputs, 'x')))]);

/** An activation whose result has the element type of its input. */
const typePreservingActivation =
  (op: string): Kernel =>
  (scope, inputs) =>
    scope.op(op, [scope.toNumber(scope.in(input(inputs, 'x')))]);

function prelu(scope: KernelScope, x: Handle, alpha: Handle): Handle {
  const negative = scope.op('Mul', [x, alpha]);
  return scope.op('SelectV2', [scope.op('Less', [x, scope.floatScalar(0)]), negative, x]);
}

const isSingleMatrix = ({ shape }: Handle): boolean => sizeOf(shape.slice(0, -2)) === 1;

/** Multiplies two single matrices, without the batch axes of size 1 that tfjs adds. */
function matrixProduct(scope: KernelScope, a: Handle, b: Handle, transposeA: boolean, transposeB: boolean): Handle {
  const [left, right] = [a, b].map((handle) =>
    handle.shape.length === 2 ? handle : scope.reshape(handle, handle.shape.slice(-2)),
  ) as [Handle, Handle];
  return scope.op(
    'MatMul',
    [left, right],
    attributes(bool('transpose_a', transposeA), bool('transpose_b', transposeB)),
  );
}

/** Adds the batch axes of size 1 to the product of two single matrices. */
function withBatchAxes(scope: KernelScope, product: Handle, a: Handle, b: Handle): Handle {
  const rank = Math.max(a.shape.length, b.shape.length);
  return rank === 2
    ? product
    : scope.reshape(product, [...Array.from({ length: rank - 2 }, () => 1), ...product.shape]);
}

/**
 * Multiplies batches of matrices. Two single matrices use `MatMul`, which is several times faster than the batched
 * product.
 */
function batchMatMul(scope: KernelScope, a: Handle, b: Handle, transposeA: boolean, transposeB: boolean): Handle {
  if (a.shape.length >= 2 && b.shape.length >= 2 && isSingleMatrix(a) && isSingleMatrix(b)) {
    return withBatchAxes(scope, matrixProduct(scope, a, b, transposeA, transposeB), a, b);
  }
  return scope.op('BatchMatMulV2', [a, b], attributes(bool('adj_x', transposeA), bool('adj_y', transposeB)));
}

interface FusedAttributes {
  readonly activation?: string | null;
  readonly leakyreluAlpha?: number;
}

/** Adds bias and activation to a product or a convolution. */
function finishFused(
  scope: KernelScope,
  y: Handle,
  inputs: KernelInputs,
  given: FusedAttributes,
  channelsFirst = false,
): Handle {
  let result = y;
  const alongChannels = (name: string): Handle => {
    const info = input(inputs, name);
    const handle = scope.in(info);
    if (!channelsFirst || info.shape.length !== 1) return handle;
    return scope.reshape(handle, [info.shape[0] as number, 1, 1]);
  };
  const bias = inputs['bias'];
  if (bias) {
    // TensorFlow's graph optimizer fuses BiasAdd, but not AddV2, with the product or convolution before it.
    const isVector = !channelsFirst && bias.shape.length === 1 && bias.shape[0] === result.shape.at(-1);
    result = isVector
      ? scope.op('BiasAdd', [result, scope.in(bias)])
      : scope.op('AddV2', [result, alongChannels('bias')]);
  }
  switch (given.activation) {
    case 'linear':
    case undefined:
    case null:
      return result;
    case 'relu':
      return scope.op('Relu', [result]);
    case 'relu6':
      return scope.op('Relu6', [result]);
    case 'elu':
      return scope.op('Elu', [result]);
    case 'sigmoid':
      return scope.op('Sigmoid', [result]);
    case 'leakyrelu':
      return scope.op('LeakyRelu', [result], attributes(float('alpha', given.leakyreluAlpha ?? 0.2)));
    case 'prelu':
      return prelu(scope, result, alongChannels('preluActivationWeights'));
    default:
      throw new TypeError(`There is no fused activation ${given.activation}.`);
  }
}

const fusedBatchNorm: Kernel = (scope, inputs, { varianceEpsilon }: { varianceEpsilon: number }) => {
  const x = input(inputs, 'x');
  const mean = input(inputs, 'mean');
  const scale = inputs['scale'];
  const offset = inputs['offset'];
  const xHandle = scope.toFloat(scope.in(x));
  const depth = x.shape.at(-1) as number;
  if (mean.shape.length === 1 && x.shape.length === 4) {
    const ones = (): Handle => scope.fill([depth], scope.floatScalar(1));
    const zeros = (): Handle => scope.fill([depth], scope.floatScalar(0));
    return scope.ops(
      'FusedBatchNorm',
      [
        xHandle,
        scale ? scope.in(scale) : ones(),
        offset ? scope.in(offset) : zeros(),
        scope.in(mean),
        scope.in(input(inputs, 'variance')),
      ],
      5,
      attributes(float('epsilon', varianceEpsilon), bool('is_training', false)),
    )[0] as Handle;
  }
  const shifted = scope.op('AddV2', [scope.in(input(inputs, 'variance')), scope.floatScalar(varianceEpsilon)]);
  let inverse = scope.op('Rsqrt', [shifted]);
  if (scale) inverse = scope.op('Mul', [inverse, scope.in(scale)]);
  const normal = scope.op('Mul', [scope.op('Sub', [xHandle, scope.in(mean)]), inverse]);
  return offset ? scope.op('AddV2', [normal, scope.in(offset)]) : normal;
};

/** TensorFlow's softmax runs over the last axis; tfjs requests no other. */
const overLastAxis =
  (op: string): Kernel =>
  (scope, inputs) =>
    scope.op(op, [scope.toFloat(scope.in(input(inputs, 'logits')))]);

interface LrnAttributes {
  readonly depthRadius: number;
  readonly bias: number;
  readonly alpha: number;
  readonly beta: number;
}

const lrnAttributes = ({ depthRadius, bias, alpha, beta }: LrnAttributes) =>
  attributes(int('depth_radius', depthRadius), float('bias', bias), float('alpha', alpha), float('beta', beta));

interface Dilation2DAttributes {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number;
  readonly dilations: [number, number] | number;
}

const dilation2D =
  (op: string): Kernel =>
  (scope, inputs, given: Dilation2DAttributes) => {
    const x = input(inputs, 'x');
    const filter = input(inputs, 'filter');
    const info = scope.tfjs.backend_util.computeDilation2DInfo(
      x.shape as never,
      filter.shape as never,
      given.strides,
      given.pad,
      'NHWC',
      given.dilations,
    );
    checkDilations(info);
    const handles = [scope.in(x), scope.in(filter), ...(inputs['dy'] ? [scope.in(inputs['dy'])] : [])];
    return scope.op(
      op,
      handles,
      attributes(
        intList('strides', [1, ...spatialStrides(info), 1]),
        intList('rates', [1, info.dilationHeight, info.dilationWidth, 1]),
        string('padding', info.padInfo.type),
      ),
    );
  };

/** Casts integers to `float64`, which holds 32 bits exactly: TensorFlow's Einsum takes no integers. */
const einsum: Kernel = (scope, inputs, { equation }: { equation: string }) => {
  const all = inputList(inputs);
  const { allDims, idDims } = scope.tfjs.backend_util.decodeEinsumEquation(equation, all.length);
  scope.tfjs.backend_util.checkEinsumDimSizes(allDims.length, idDims, all as never);
  const handles = all.map((info) => scope.toNumber(scope.in(info)));
  const integer = handles.every((handle) => handle.dtype === DataTypeCode.Int32);
  const set = attributes(string('equation', equation));
  if (!integer) return scope.op('Einsum', [handles.map((handle) => scope.toFloat(handle))], set);
  const product = scope.op('Einsum', [handles.map((handle) => scope.cast(handle, DataTypeCode.Double))], set);
  return scope.cast(product, DataTypeCode.Int32);
};

export const NN_KERNELS: KernelTable = {
  Elu: activation('Elu'),
  EluGrad: (scope, inputs) => scope.op('EluGrad', [scope.in(input(inputs, 'dy')), scope.in(input(inputs, 'y'))]),
  LeakyRelu: (scope, inputs, { alpha }: { alpha: number }) =>
    scope.op('LeakyRelu', [scope.toFloat(scope.in(input(inputs, 'x')))], attributes(float('alpha', alpha))),
  Prelu: (scope, inputs) => prelu(scope, scope.toFloat(scope.in(input(inputs, 'x'))), scope.in(input(inputs, 'alpha'))),
  Relu: typePreservingActivation('Relu'),
  Relu6: typePreservingActivation('Relu6'),
  Selu: activation('Selu'),
  Softplus: activation('Softplus'),
  Softmax: overLastAxis('Softmax'),
  LogSoftmax: overLastAxis('LogSoftmax'),

  FusedBatchNorm: fusedBatchNorm,
  LRN: (scope, inputs, given: LrnAttributes) => scope.op('LRN', [scope.in(input(inputs, 'x'))], lrnAttributes(given)),
  LRNGrad: (scope, inputs, given: LrnAttributes) =>
    scope.op(
      'LRNGrad',
      [scope.in(input(inputs, 'dy')), scope.in(input(inputs, 'x')), scope.in(input(inputs, 'y'))],
      lrnAttributes(given),
    ),
  Dilation2D: dilation2D('Dilation2D'),
  Dilation2DBackpropInput: dilation2D('Dilation2DBackpropInput'),
  Dilation2DBackpropFilter: dilation2D('Dilation2DBackpropFilter'),

  BatchMatMul: (scope, inputs, { transposeA, transposeB }: { transposeA: boolean; transposeB: boolean }) =>
    batchMatMul(
      scope,
      scope.toNumber(scope.in(input(inputs, 'a'))),
      scope.toNumber(scope.in(input(inputs, 'b'))),
      transposeA,
      transposeB,
    ),
  _FusedMatMul: (scope, inputs, given: FusedAttributes & { transposeA: boolean; transposeB: boolean }) => {
    const a = scope.in(input(inputs, 'a'));
    const b = scope.in(input(inputs, 'b'));
    const biasIsVector = (inputs['bias']?.shape.length ?? 1) === 1 && given.activation !== 'prelu';
    if (!isSingleMatrix(a) || !isSingleMatrix(b) || !biasIsVector) {
      return finishFused(scope, batchMatMul(scope, a, b, given.transposeA, given.transposeB), inputs, given);
    }
    // Adds the batch axes last, so that product, bias and activation are adjacent in a traced graph and can be fused.
    const product = matrixProduct(scope, a, b, given.transposeA, given.transposeB);
    return withBatchAxes(scope, finishFused(scope, product, inputs, given), a, b);
  },
  FusedConv2D: (scope, inputs, given: ConvolutionAttributes & FusedAttributes) => {
    const x = input(inputs, 'x');
    const filter = input(inputs, 'filter');
    const info = convolutionInfo(scope, x.shape, filter.shape, given);
    return finishFused(
      scope,
      convolve(scope, scope.in(x), scope.in(filter), info),
      inputs,
      given,
      info.dataFormat === 'channelsFirst',
    );
  },
  FusedDepthwiseConv2D: (scope, inputs, given: ConvolutionAttributes & FusedAttributes) => {
    const x = input(inputs, 'x');
    const filter = input(inputs, 'filter');
    const info = convolutionInfo(scope, x.shape, filter.shape, given, true);
    return finishFused(
      scope,
      depthwiseConvolve(scope, scope.in(x), scope.in(filter), info),
      inputs,
      given,
      info.dataFormat === 'channelsFirst',
    );
  },
  Einsum: einsum,
  MatrixBandPart: (scope, inputs) =>
    scope.op('MatrixBandPart', [
      scope.in(input(inputs, 'input')),
      scope.cast(scope.in(input(inputs, 'numLower')), DataTypeCode.Int32),
      scope.cast(scope.in(input(inputs, 'numUpper')), DataTypeCode.Int32),
    ]),
};
