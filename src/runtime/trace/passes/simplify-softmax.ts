/**
 * Leaves out what a softmax makes superfluous: its rows sum to one. TensorFlow.js's cross-entropy divides by that sum all the same, and so does its
 * gradient, whose share by way of the sum is one number a row, which the gradient of softmax takes off again:
 *
 *     dz = dp p - sum(dp p) p        with dp + c: the same, for any c that a row has in common
 *
 * Pure. Source of the formulas: tfjs-layers/src/losses.ts (categoricalCrossentropy), tfjs-core/src/gradients/Softmax_grad.ts.
 */
import type { Handle } from '../../tensorflow/op-executor.js';
import type { Program, RecordedOperation } from '../program.js';

import { sameShape, tensorInput } from './identity-rules.js';
import { ProgramValues } from './program-values.js';
import { type RewriteContext, rewriteProgram, type RewriteRule } from './rewrite.js';

function isRowNumber({ shape }: Handle, row: Handle): boolean {
  return (
    shape.length === row.shape.length &&
    shape.every((size, axis) => size === (axis === shape.length - 1 ? 1 : row.shape[axis]))
  );
}

/** Whether a value is the sum of each row of a softmax. */
function isOne(handle: Handle, context: RewriteContext): boolean {
  const sum = context.producerOf(handle);
  if (sum?.op !== 'Sum') return false;
  const [summed, axes] = [tensorInput(sum, 0), context.constantOf(tensorInput(sum, 1))];
  const axis = axes?.length === 1 ? Number(axes[0]) : undefined;
  const isLast = axis === -1 || axis === summed.shape.length - 1;
  return isLast && isRowNumber(handle, summed) && context.producerOf(summed)?.op === 'Softmax';
}

/** `x / sum(softmax)` → `x`. */
const division: RewriteRule = (operation, context) => {
  const [x, divisor] = [tensorInput(operation, 0), tensorInput(operation, 1)];
  return isOne(divisor, context) && sameShape(x, operation.outputs[0] as Handle) ? { same: x } : undefined;
};

const DIVISION: ReadonlyMap<string, readonly RewriteRule[]> = new Map([['RealDiv', [division]]]);

/** In the gradient of softmax that ends with `operation`: the product `dp p`, and `dp` without what a row has in common. */
function gradientOfSoftmax(
  values: ProgramValues,
  operation: RecordedOperation,
): { product: Handle; without: Handle } | undefined {
  if (operation.op !== 'Sub') return undefined;
  const [product, taken] = [tensorInput(operation, 0), tensorInput(operation, 1)];
  const [upstream, softmax] = values.inputsOf(product, 'Mul') ?? [];
  const [total, again] = values.inputsOf(taken, 'Mul') ?? [];
  const [without, common] = values.inputsOf(upstream, 'AddV2') ?? [];
  if (softmax === undefined || total === undefined || without === undefined || common === undefined) return undefined;
  const fits =
    again === softmax &&
    values.producerOf(softmax, 'Softmax') !== undefined &&
    values.inputOf(total, 'Sum') === product &&
    isRowNumber(total, softmax) &&
    isRowNumber(common, softmax) &&
    sameShape(without, softmax) &&
    values.areReadOnce([total, taken]) &&
    values.readers(product) === 2 &&
    !values.areResults([product, total, taken]);
  return fits ? { product, without } : undefined;
}

/** The program without the sums of softmax; what it no longer needs is left for pruning. */
export function simplifySoftmax(program: Program): Program {
  const divided = rewriteProgram(program, DIVISION);
  const values = new ProgramValues(divided);
  const upstreams = new Map<Handle, Handle>();
  for (const operation of divided.operations) {
    const found = gradientOfSoftmax(values, operation);
    if (found !== undefined) upstreams.set(found.product, found.without);
  }
  const operations = divided.operations.map((operation) => {
    const upstream = upstreams.get(operation.outputs[0] as Handle);
    return upstream === undefined ? operation : { ...operation, inputs: [upstream, tensorInput(operation, 1)] };
  });
  return { ...divided, operations };
}
