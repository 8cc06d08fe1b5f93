/**
 * Rules that recognize what TensorFlow.js composes from several ops and TensorFlow has one op for: the gradient of relu, the mask
 * of a clipped value's gradient, a bias. Pure.
 */
import type { Handle } from '../../tensorflow/op-executor.js';
import type { RewriteContext, RewriteRule } from './rewrite.js';

import { NO_ATTRIBUTES } from '../../tensorflow/attributes.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';

import { isAll, sameShape, tensorInput } from './identity-rules.js';

/** The `x` of a value that is 1 where x > 0, 0 elsewhere, and NaN where x is: what the backend composes `tf.step` of. */
function stepArgument(handle: Handle, context: RewriteContext): Handle | undefined {
  const select = context.producerOf(handle);
  if (select?.op !== 'SelectV2') return undefined;
  const x = tensorInput(select, 1);
  const isNaN = context.producerOf(tensorInput(select, 0));
  const step = context.producerOf(tensorInput(select, 2));
  if (isNaN?.op !== 'IsNan' || tensorInput(isNaN, 0) !== x || step?.op !== 'SelectV2') return undefined;
  const greater = context.producerOf(tensorInput(step, 0));
  const isStep =
    greater?.op === 'Greater' &&
    tensorInput(greater, 0) === x &&
    isAll(context, tensorInput(greater, 1), 0) &&
    isAll(context, tensorInput(step, 1), 1) &&
    isAll(context, tensorInput(step, 2), 0);
  return isStep ? x : undefined;
}

/** `dy * step(x)` → `ReluGrad`, on relu's result where there is one, so that `x` itself need not be kept. */
const reluGradient: RewriteRule = (operation, context) => {
  for (const place of [0, 1]) {
    const upstream = tensorInput(operation, 1 - place);
    const x = stepArgument(tensorInput(operation, place), context);
    if (x === undefined || !sameShape(x, upstream)) continue;
    return { op: 'ReluGrad', attributes: NO_ATTRIBUTES, inputs: [upstream, context.outputOf('Relu', x) ?? x] };
  }
  return undefined;
};

/** `lower <= x && x <= upper` where x was clipped to these bounds: x equals what it was clipped to. */
const clipMask: RewriteRule = (operation, context) => {
  const [from, to] = [context.producerOf(tensorInput(operation, 0)), context.producerOf(tensorInput(operation, 1))];
  if (from?.op !== 'GreaterEqual' || to?.op !== 'LessEqual') return undefined;
  const x = tensorInput(from, 0);
  const clipped = context.outputOf('ClipByValue', x);
  const clip = clipped && context.producerOf(clipped);
  const isMask =
    tensorInput(to, 0) === x &&
    clip !== undefined &&
    tensorInput(clip, 1) === tensorInput(from, 1) &&
    tensorInput(clip, 2) === tensorInput(to, 1);
  return isMask ? { op: 'Equal', attributes: NO_ATTRIBUTES, inputs: [x, clipped as Handle] } : undefined;
};

/** A vector along the last axis, possibly reshaped to `[1, …, n]`. */
function biasVector(handle: Handle, context: RewriteContext): Handle | undefined {
  if (handle.shape.length === 1) return handle;
  const before = context.producerOf(handle);
  const vector = before?.op === 'Reshape' ? tensorInput(before, 0) : undefined;
  return vector?.shape.length === 1 && vector.shape[0] === handle.shape.at(-1) ? vector : undefined;
}

/** `x + bias` → `BiasAdd`, which TensorFlow fuses with the product or convolution before it. */
const biasAddition: RewriteRule = (operation, context) => {
  const x = tensorInput(operation, 0);
  const before = context.producerOf(x);
  if (before?.op !== 'MatMul' && before?.op !== 'Conv2D' && before?.op !== 'DepthwiseConv2dNative') return undefined;
  const bias = biasVector(tensorInput(operation, 1), context);
  const format = before.attributes.entries.find(({ name }) => name === 'data_format');
  if (format !== undefined && format.value !== 'NHWC') return undefined;
  const fits =
    bias !== undefined && x.dtype === DataTypeCode.Float && x.shape.length >= 2 && bias.shape[0] === x.shape.at(-1);
  return fits && sameShape(x, operation.outputs[0] as Handle)
    ? { op: 'BiasAdd', attributes: NO_ATTRIBUTES, inputs: [x, bias] }
    : undefined;
};

/** Rules by the op that they look at. */
export const GRADIENT_RULES: ReadonlyMap<string, readonly RewriteRule[]> = new Map([
  ['Mul', [reluGradient]],
  ['LogicalAnd', [clipMask]],
  ['AddV2', [biasAddition]],
]);

/** A sum over all axes but the last → `BiasAddGrad`, which goes over memory once and is several times as fast. */
const biasGradient: RewriteRule = (operation, context) => {
  const x = tensorInput(operation, 0);
  const axes = context.constantOf(tensorInput(operation, 1)) as ArrayLike<number> | undefined;
  const [output] = operation.outputs;
  const fits =
    axes !== undefined &&
    x.dtype === DataTypeCode.Float &&
    x.shape.length >= 2 &&
    output?.shape.length === 1 &&
    new Set(Array.from(axes, (axis) => (axis < 0 ? axis + x.shape.length : axis))).size === x.shape.length - 1 &&
    Array.from(axes).every((axis) => axis !== -1 && axis !== x.shape.length - 1);
  return fits ? { op: 'BiasAddGrad', attributes: NO_ATTRIBUTES, inputs: [x] } : undefined;
};

/** Rules for what no other pass looks at any more. */
export const LAST_RULES: ReadonlyMap<string, readonly RewriteRule[]> = new Map([['Sum', [biasGradient]]]);
