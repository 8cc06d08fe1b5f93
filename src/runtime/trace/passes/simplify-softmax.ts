/**
 * Removes divisions by the row sums of a softmax, which are one. TensorFlow.js's cross-entropy divides by them, and its
 * gradient adds a term for that division: one number c for each row. The gradient of softmax cancels it:
 *
 *     dz = dp p - sum(dp p) p        gives the same for dp + c, for any c that is the same in a whole row
 *
 * Pure. Source of the formulas: tfjs-layers/src/losses.ts (categoricalCrossentropy),
 * tfjs-core/src/gradients/Softmax_grad.ts.
 */
import type { Handle } from '../../tensorflow/op-executor.js';

import { outputOf, type Program, type RecordedOperation, sameShape, tensorInput } from '../program.js';

import { ProgramValues } from './program-values.js';
import { type RewriteContext, rewriteProgram, type RewriteRule, type RewriteRules } from './rewrite.js';

/** Whether a value has one number for each row of another. */
function isRowNumber({ shape }: Handle, row: Handle): boolean {
  return (
    shape.length === row.shape.length &&
    shape.every((size, axis) => size === (axis === shape.length - 1 ? 1 : row.shape[axis]))
  );
}

/** Whether a value is the sum of each row of a softmax. */
function isSoftmaxSum(handle: Handle, context: RewriteContext): boolean {
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
  return isSoftmaxSum(divisor, context) && sameShape(x, outputOf(operation)) ? { same: x } : undefined;
};

const DIVISION: RewriteRules = new Map([['RealDiv', [division]]]);

/**
 * Matches the gradient of softmax that ends with `operation`. @returns `dp p`, and `dp` without the term that is common
 * to a row.
 */
function softmaxGradient(
  values: ProgramValues,
  operation: RecordedOperation,
): { readonly product: Handle; readonly upstream: Handle } | undefined {
  if (operation.op !== 'Sub') return undefined;
  const [product, subtracted] = [tensorInput(operation, 0), tensorInput(operation, 1)];
  const [sum, softmax] = values.inputsOf(product, 'Mul') ?? [];
  const [total, again] = values.inputsOf(subtracted, 'Mul') ?? [];
  const [upstream, common] = values.inputsOf(sum, 'AddV2') ?? [];
  if (softmax === undefined || total === undefined || upstream === undefined || common === undefined) return undefined;
  const fits =
    again === softmax &&
    values.producerOf(softmax, 'Softmax') !== undefined &&
    values.inputOf(total, 'Sum') === product &&
    isRowNumber(total, softmax) &&
    isRowNumber(common, softmax) &&
    sameShape(upstream, softmax) &&
    values.areReadOnce([total, subtracted]) &&
    values.readsOf(product) === 2 &&
    !values.anyIsResult([product, total, subtracted]);
  return fits ? { product, upstream } : undefined;
}

/**
 * Removes the row sums of softmax from divisions and gradients.
 *
 * @param program - Any program.
 * @returns The program; ops that became unused remain.
 */
export function simplifySoftmax(program: Program): Program {
  const divided = rewriteProgram(program, DIVISION);
  const values = new ProgramValues(divided);
  const upstreams = new Map<Handle, Handle>();
  for (const operation of divided.operations) {
    const found = softmaxGradient(values, operation);
    if (found !== undefined) upstreams.set(found.product, found.upstream);
  }
  const operations = divided.operations.map((operation) => {
    const [output] = operation.outputs;
    const upstream = output && upstreams.get(output);
    return upstream === undefined ? operation : { ...operation, inputs: [upstream, tensorInput(operation, 1)] };
  });
  return { ...divided, operations };
}
