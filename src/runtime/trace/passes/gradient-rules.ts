/**
 * Rules that recognize what TensorFlow.js composes from several ops and TensorFlow has one op for: the gradient of
 * relu, the mask of the gradient of a clipped value, a bias and its gradient. Pure.
 */
import type { Handle } from '../../tensorflow/op-executor.js';
import type { RewriteContext, RewriteRule, RewriteRules } from './rewrite.js';

import { NO_ATTRIBUTES } from '../../tensorflow/attributes.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { outputOf, sameShape, tensorInput } from '../program.js';

import { isAll } from './rewrite.js';

/**
 * The `x` of a value that is 1 where x > 0, 0 elsewhere, and NaN where x is: the ops that the backend composes
 * `tf.step` from.
 */
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

/** `dy * step(x)` → `ReluGrad`, on relu's result where there is one, so that `x` itself can be released. */
const reluGradient: RewriteRule = (operation, context) => {
  for (const position of [0, 1]) {
    const upstream = tensorInput(operation, 1 - position);
    const x = stepArgument(tensorInput(operation, position), context);
    if (x === undefined || !sameShape(x, upstream)) continue;
    return { op: 'ReluGrad', attributes: NO_ATTRIBUTES, inputs: [upstream, context.outputOf('Relu', x) ?? x] };
  }
  return undefined;
};

/** `lower <= x && x <= upper` → `x == clipped`, where x was clipped to these bounds. */
const clipMask: RewriteRule = (operation, context) => {
  const [from, to] = [context.producerOf(tensorInput(operation, 0)), context.producerOf(tensorInput(operation, 1))];
  if (from?.op !== 'GreaterEqual' || to?.op !== 'LessEqual') return undefined;
  const x = tensorInput(from, 0);
  const clipped = context.outputOf('ClipByValue', x);
  const clip = clipped && context.producerOf(clipped);
  if (clipped === undefined || clip === undefined) return undefined;
  const isMask =
    tensorInput(to, 0) === x &&
    tensorInput(clip, 1) === tensorInput(from, 1) &&
    tensorInput(clip, 2) === tensorInput(to, 1);
  return isMask ? { op: 'Equal', attributes: NO_ATTRIBUTES, inputs: [x, clipped] } : undefined;
};

/** A vector along the last axis, possibly reshaped to `[1, …, n]`. */
function biasVector(handle: Handle, context: RewriteContext): Handle | undefined {
  if (handle.shape.length === 1) return handle;
  const before = context.producerOf(handle);
  const vector = before?.op === 'Reshape' ? tensorInput(before, 0) : undefined;
  return vector?.shape.length === 1 && vector.shape[0] === handle.shape.at(-1) ? vector : undefined;
}

/** Ops that TensorFlow fuses with a bias after them. */
const FUSED_WITH_BIAS: ReadonlySet<string> = new Set(['MatMul', 'Conv2D', 'DepthwiseConv2dNative']);

/** `x + bias` → `BiasAdd`, which TensorFlow fuses with the product or convolution before it. */
const biasAddition: RewriteRule = (operation, context) => {
  const x = tensorInput(operation, 0);
  const before = context.producerOf(x);
  if (before === undefined || !FUSED_WITH_BIAS.has(before.op)) return undefined;
  const bias = biasVector(tensorInput(operation, 1), context);
  const format = before.attributes.entries.find(({ name }) => name === 'data_format');
  if (format !== undefined && format.value !== 'NHWC') return undefined;
  const fits =
    bias !== undefined && x.dtype === DataTypeCode.Float && x.shape.length >= 2 && bias.shape[0] === x.shape.at(-1);
  return fits && sameShape(x, outputOf(operation))
    ? { op: 'BiasAdd', attributes: NO_ATTRIBUTES, inputs: [x, bias] }
    : undefined;
};

/** Rules by the op that they look at. */
export const GRADIENT_RULES: RewriteRules = new Map([
  ['Mul', [reluGradient]],
  ['LogicalAnd', [clipMask]],
  ['AddV2', [biasAddition]],
]);

/** A sum over all axes but the last → `BiasAddGrad`, which reads memory once and is several times as fast. */
const biasGradient: RewriteRule = (operation, context) => {
  const x = tensorInput(operation, 0);
  const rank = x.shape.length;
  const axes = context.constantOf(tensorInput(operation, 1));
  if (axes === undefined || x.dtype !== DataTypeCode.Float || rank < 2) return undefined;
  if (operation.outputs[0]?.shape.length !== 1) return undefined;
  const numbers = Array.from(axes as ArrayLike<number>, (axis) => (axis < 0 ? axis + rank : axis));
  const fits = new Set(numbers).size === rank - 1 && !numbers.includes(rank - 1);
  return fits ? { op: 'BiasAddGrad', attributes: NO_ATTRIBUTES, inputs: [x] } : undefined;
};

/** Rules for the end, because other passes match the ops that these replace. */
export const LAST_RULES: RewriteRules = new Map([['Sum', [biasGradient]]]);
