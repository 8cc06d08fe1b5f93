/** Rules that remove ops which change nothing: copies, reshapes to the same shape, products with one. Pure. */
import type { RewriteRule, RewriteRules } from './rewrite.js';

import { NO_ATTRIBUTES } from '../../tensorflow/attributes.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { newHandle, outputOf, sameShape, tensorInput } from '../program.js';

import { isAll } from './rewrite.js';

const identity: RewriteRule = (operation) => ({ same: tensorInput(operation, 0) });

/** Reshaping to the shape that the value has; reshaping a reshaped value. */
const reshape: RewriteRule = (operation, context) => {
  const input = tensorInput(operation, 0);
  if (sameShape(input, outputOf(operation))) return { same: input };
  const before = context.producerOf(input);
  if (before?.op !== 'Reshape') return undefined;
  return {
    op: 'Reshape',
    attributes: operation.attributes,
    inputs: [tensorInput(before, 0), tensorInput(operation, 1)],
  };
};

const cast: RewriteRule = (operation) => {
  const input = tensorInput(operation, 0);
  return input.dtype === outputOf(operation).dtype ? { same: input } : undefined;
};

/** Arithmetic with a neutral element, if the result is exactly the other operand. */
const neutral =
  (element: number, positions: readonly (0 | 1)[]): RewriteRule =>
  (operation, context) => {
    for (const position of positions) {
      const other = tensorInput(operation, 1 - position);
      if (isAll(context, tensorInput(operation, position), element) && sameShape(other, outputOf(operation)))
        return { same: other };
    }
    return undefined;
  };

/**
 * A product with ones that only broadcasts a value to a larger shape: TensorFlow.js computes the gradient of a sum this
 * way. The ones are as large as the tensor that was summed, and would become part of the function.
 */
const broadcastByOnes: RewriteRule = (operation, context) => {
  const output = outputOf(operation);
  for (const position of [0, 1]) {
    const [ones, x] = [tensorInput(operation, position), tensorInput(operation, 1 - position)];
    if (sameShape(x, output) || !sameShape(ones, output) || !isAll(context, ones, 1)) continue;
    const shape = newHandle({
      dtype: DataTypeCode.Int32,
      shape: [output.shape.length],
      constantValue: Int32Array.from(output.shape),
    });
    return { op: 'BroadcastTo', attributes: NO_ATTRIBUTES, inputs: [x, shape] };
  }
  return undefined;
};

/** Arithmetic broadcasts the smaller operand by itself. */
const broadcastOperand: RewriteRule = (operation, context) => {
  for (const position of [0, 1]) {
    const producer = context.producerOf(tensorInput(operation, position));
    if (producer?.op !== 'BroadcastTo' || !sameShape(tensorInput(operation, 1 - position), outputOf(operation)))
      continue;
    const { op, attributes } = operation;
    return {
      op,
      attributes,
      inputs: operation.inputs.map((input, index) => (index === position ? tensorInput(producer, 0) : input)),
    };
  }
  return undefined;
};

/** A sum without axes, or a tile with factors of one. A sum over axes of one element changes the shape, and stays. */
const sameShapeAsInput: RewriteRule = (operation) => {
  const input = tensorInput(operation, 0);
  return sameShape(input, outputOf(operation)) ? { same: input } : undefined;
};

/** Rules by the op that they look at. */
export const IDENTITY_RULES: RewriteRules = new Map([
  ['Identity', [identity]],
  ['Reshape', [reshape]],
  ['Cast', [cast]],
  ['Mul', [neutral(1, [0, 1]), broadcastByOnes, broadcastOperand]],
  ['AddV2', [neutral(0, [0, 1]), broadcastOperand]],
  ['Sub', [neutral(0, [1]), broadcastOperand]],
  ['RealDiv', [neutral(1, [1]), broadcastOperand]],
  ['Sum', [sameShapeAsInput]],
  ['Tile', [sameShapeAsInput]],
]);
