/** Rules that remove ops which change nothing: copies, reshapes to the same shape, products with one. Pure. */
import type { Handle, HostValues, OpInput } from '../../tensorflow/op-executor.js';
import type { RewriteContext, RewriteRule } from './rewrite.js';

import { NO_ATTRIBUTES } from '../../tensorflow/attributes.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { newHandle, type RecordedOperation } from '../program.js';

/** The value of an input that is not a list. */
export function tensorInput(operation: RecordedOperation, index: number): Handle {
  return operation.inputs[index] as OpInput as Handle;
}

/** Whether two values have the same shape. */
export function sameShape(one: Handle, other: Handle): boolean {
  return one.shape.length === other.shape.length && one.shape.every((size, axis) => size === other.shape[axis]);
}

/** Whether a value is known, and each of its elements is `number`. */
export function isAll(context: RewriteContext, handle: Handle, number: number): boolean {
  const values: HostValues | undefined = context.constantOf(handle);
  return (
    values !== undefined &&
    values.length > 0 &&
    (values as ArrayLike<unknown> as number[]).every((value) => value === number)
  );
}

const identity: RewriteRule = (operation) => ({ same: tensorInput(operation, 0) });

/** `Reshape` to the shape that is there already; of a reshaped value: of the value before. */
const reshape: RewriteRule = (operation, context) => {
  const input = tensorInput(operation, 0);
  if (sameShape(input, operation.outputs[0] as Handle)) return { same: input };
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
  return input.dtype === operation.outputs[0]?.dtype ? { same: input } : undefined;
};

/** Arithmetic with a neutral element, where the result is the other operand as it is. */
const neutral =
  (element: number, places: readonly (0 | 1)[]): RewriteRule =>
  (operation, context) => {
    for (const place of places) {
      const other = tensorInput(operation, 1 - place);
      if (isAll(context, tensorInput(operation, place), element) && sameShape(other, operation.outputs[0] as Handle))
        return { same: other };
    }
    return undefined;
  };

/**
 * A product with ones that only spreads a value over a larger shape, which is how TensorFlow.js writes the gradient of a sum. The ones
 * are as large as what was summed and would become part of the function.
 */
const spread: RewriteRule = (operation, context) => {
  const [output] = operation.outputs as [Handle];
  for (const place of [0, 1]) {
    const [ones, x] = [tensorInput(operation, place), tensorInput(operation, 1 - place)];
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

/** Arithmetic spreads the smaller operand by itself. */
const spreadOperand: RewriteRule = (operation, context) => {
  for (const place of [0, 1]) {
    const producer = context.producerOf(tensorInput(operation, place));
    if (producer?.op !== 'BroadcastTo' || !sameShape(tensorInput(operation, 1 - place), operation.outputs[0] as Handle))
      continue;
    const { op, attributes } = operation;
    return {
      op,
      attributes,
      inputs: operation.inputs.map((input, index) => (index === place ? tensorInput(producer, 0) : input)),
    };
  }
  return undefined;
};

/** A sum over axes of one element each only drops these axes. */
const sumOfNothing: RewriteRule = (operation) => {
  const input = tensorInput(operation, 0);
  return sameShape(input, operation.outputs[0] as Handle) ? { same: input } : undefined;
};

const tile: RewriteRule = (operation) => {
  const input = tensorInput(operation, 0);
  return sameShape(input, operation.outputs[0] as Handle) ? { same: input } : undefined;
};

/** Rules by the op that they look at. */
export const IDENTITY_RULES: ReadonlyMap<string, readonly RewriteRule[]> = new Map([
  ['Identity', [identity]],
  ['Reshape', [reshape]],
  ['Cast', [cast]],
  ['Mul', [neutral(1, [0, 1]), spread, spreadOperand]],
  ['AddV2', [neutral(0, [0, 1]), spreadOperand]],
  ['Sub', [neutral(0, [1]), spreadOperand]],
  ['RealDiv', [neutral(1, [1]), spreadOperand]],
  ['Sum', [sumOfNothing]],
  ['Tile', [tile]],
]);
