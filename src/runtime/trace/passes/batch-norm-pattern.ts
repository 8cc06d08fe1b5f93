/**
 * Recognizes batch normalization in training, forward and backward, as TensorFlow.js composes it. Pure.
 * Sources: tfjs-core's moments and gradients/FusedBatchNorm_grad, tfjs-layers' BatchNormalization.
 */
import type { Handle } from '../../tensorflow/op-executor.js';
import type { ProgramValues } from './program-values.js';

import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { outputOf, type RecordedOperation, sameShape, tensorInput } from '../program.js';

/** The axes of NHWC that the moments are taken over. */
const MOMENT_AXES = '0,1,2';

/** A layer's forward pass: moments of the batch, then `(x - mean) / sqrt(variance + epsilon) * gamma + beta`. */
export interface BatchNormForward {
  readonly x: Handle;
  readonly gamma: Handle;
  readonly beta: Handle;
  readonly mean: Handle;
  readonly variance: Handle;
  readonly y: Handle;
  /** x - mean, from which the variance is computed. */
  readonly deviation: Handle;
  readonly epsilon: number;
  /** The number of elements in each channel. */
  readonly count: number;
}

/** Its backward pass. */
export interface BatchNormBackward {
  readonly dy: Handle;
  /** The gradient of x, added to {@link other} where there is one. */
  readonly sum: Handle;
  readonly other: Handle | undefined;
  readonly dGamma: Handle | undefined;
  readonly dBeta: Handle | undefined;
}

/** Matches a reduction of an NHWC value to its channels. @returns The value that is reduced. */
function reducedOverBatch(values: ProgramValues, handle: Handle, op: 'Mean' | 'Sum'): Handle | undefined {
  const inputs = values.inputsOf(handle, op);
  if (inputs === undefined || handle.shape.length !== 1 || inputs[0].shape.length !== 4) return undefined;
  const axes = values.constantOf(inputs[1]);
  if (axes === undefined) return undefined;
  return Array.from(axes as ArrayLike<number>)
    .sort()
    .join() === MOMENT_AXES
    ? inputs[0]
    : undefined;
}

/**
 * Matches a forward pass.
 *
 * @param values - The values of the program.
 * @param operation - The last op of the pass: a `FusedBatchNorm`.
 * @returns The pass; undefined when the op ends none.
 */
export function batchNormForward(values: ProgramValues, operation: RecordedOperation): BatchNormForward | undefined {
  if (operation.op !== 'FusedBatchNorm') return undefined;
  const [x, gamma, beta] = [tensorInput(operation, 0), tensorInput(operation, 1), tensorInput(operation, 2)];
  const [mean, variance] = [tensorInput(operation, 3), tensorInput(operation, 4)];
  const attribute = (name: string): unknown => operation.attributes.entries.find((entry) => entry.name === name)?.value;
  const squared = reducedOverBatch(values, variance, 'Mean');
  const deviation = values.inputOf(squared, 'Square');
  const difference = values.inputsOf(deviation, 'Sub');
  const count = x.shape.slice(0, 3).reduce((product, size) => product * size, 1);
  const start = values.positionOf(mean);
  const epsilon = attribute('epsilon');
  if (deviation === undefined || typeof epsilon !== 'number') return undefined;
  const fits =
    attribute('is_training') === false &&
    attribute('data_format') === undefined &&
    x.dtype === DataTypeCode.Float &&
    count > 1 &&
    reducedOverBatch(values, mean, 'Mean') === x &&
    difference?.[0] === x &&
    values.inputOf(difference[1], 'Reshape') === mean &&
    // The fused op takes the position of the mean, so its inputs must exist there.
    values.positionOf(gamma) < start &&
    values.positionOf(beta) < start;
  if (!fits) return undefined;
  return {
    x,
    gamma,
    beta,
    mean,
    variance,
    y: outputOf(operation),
    deviation,
    epsilon,
    count,
  };
}

/** Matches the gradient of a mean: `total`, broadcast to all elements and divided by their count. @returns `total`. */
function broadcastTotal(
  values: ProgramValues,
  handle: Handle | undefined,
  { count, x }: BatchNormForward,
): Handle | undefined {
  const quotient = values.inputsOf(handle, 'RealDiv');
  if (quotient === undefined || values.numberOf(quotient[1]) !== count || !sameShape(quotient[0], x)) return undefined;
  return values.inputOf(values.inputOf(quotient[0], 'BroadcastTo'), 'Reshape');
}

/** The factors that the terms of the gradient share. */
interface Factors {
  readonly dy: Handle;
  /** 1 / sqrt(variance + epsilon) */
  readonly inverse: Handle;
  /** dy * gamma */
  readonly scaled: Handle;
}

/** Matches `1 / sqrt(variance + epsilon)`. */
function isInverse(
  values: ProgramValues,
  handle: Handle | undefined,
  { variance, epsilon }: BatchNormForward,
): handle is Handle {
  const shifted = values.inputsOf(values.inputOf(handle, 'Rsqrt'), 'AddV2');
  const shift = values.numberOf(shifted?.[1]);
  return shifted?.[0] === variance && shift !== undefined && Math.abs(shift - epsilon) <= epsilon * 1e-6;
}

/** Matches `dy * inverse * gamma`: the part of the gradient that goes directly to x. */
function directTerm(
  values: ProgramValues,
  handle: Handle,
  forward: BatchNormForward,
): Pick<Factors, 'dy' | 'inverse'> | undefined {
  const product = values.inputsOf(handle, 'Mul');
  const inner = values.inputsOf(product?.[0], 'Mul');
  const inverse = values.inputOf(values.inputOf(inner?.[1], 'Tile'), 'Reshape');
  if (inner === undefined || product?.[1] !== forward.gamma || !sameShape(inner[0], forward.x)) return undefined;
  return isInverse(values, inverse, forward) ? { dy: inner[0], inverse } : undefined;
}

/** Matches `sum(-0.5 inverse³ (x - mean) * scaled)`: the gradient of the variance. */
function isVarianceGradient(
  values: ProgramValues,
  handle: Handle | undefined,
  forward: BatchNormForward,
  { inverse, scaled }: Factors,
): boolean {
  const product = handle && values.inputsOf(reducedOverBatch(values, handle, 'Sum'), 'Mul');
  const inner = values.inputsOf(product?.[0], 'Mul');
  const halved = values.inputsOf(inner?.[0], 'Mul');
  const cube = values.inputsOf(halved?.[0], 'Mul');
  const square = values.inputsOf(cube?.[0], 'Mul');
  return (
    product?.[1] === scaled &&
    values.numberOf(halved?.[1]) === -0.5 &&
    [cube?.[1], square?.[0], square?.[1]].every((factor) => factor === inverse) &&
    isDifference(values, inner?.[1], forward)
  );
}

/** Matches `x - mean`. */
function isDifference(values: ProgramValues, handle: Handle | undefined, { x, mean }: BatchNormForward): boolean {
  const difference = values.inputsOf(handle, 'Sub');
  return difference?.[0] === x && difference[1] === mean;
}

/** Matches `sum(-inverse * scaled)`: the gradient of the mean, without the part that goes through the variance. */
function isMeanGradient(values: ProgramValues, handle: Handle, { inverse, scaled }: Factors): boolean {
  const product = values.inputsOf(reducedOverBatch(values, handle, 'Sum'), 'Mul');
  const negated = values.inputsOf(product?.[0], 'Mul');
  return product?.[1] === scaled && negated?.[0] === inverse && values.numberOf(negated[1]) === -1;
}

/**
 * Matches the backward pass: the direct term, plus the term through the variance, plus the term through the mean.
 *
 * @param values - The values of the program.
 * @param operation - The last op of the pass: a sum.
 * @param forward - The forward pass that it belongs to.
 * @param operations - All ops of the program.
 * @returns The pass; undefined when the op ends none.
 */
export function batchNormBackward(
  values: ProgramValues,
  operation: RecordedOperation,
  forward: BatchNormForward,
  operations: readonly RecordedOperation[],
): BatchNormBackward | undefined {
  if (operation.op !== 'AddV2') return undefined;
  const before = values.inputsOf(tensorInput(operation, 0), 'AddV2');
  const byVariance = values.inputsOf(before?.[1], 'Mul');
  const doubled = values.inputsOf(byVariance?.[1], 'Mul');
  if (before === undefined || doubled?.[0] !== forward.deviation || values.numberOf(doubled[1]) !== 2) return undefined;
  const total = values.inputsOf(broadcastTotal(values, tensorInput(operation, 1), forward), 'AddV2');
  if (total === undefined) return undefined;
  const [rest, varianceTerm] = before;
  const sum = values.inputsOf(rest, 'AddV2');
  const [other, direct] =
    directTerm(values, rest, forward) === undefined && sum !== undefined ? sum : [undefined, rest];
  const found = directTerm(values, direct, forward);
  const scaled = values.inputsOf(values.inputOf(total[0], 'Sum'), 'Mul')?.[1];
  const scaledFrom = values.inputsOf(scaled, 'Mul');
  if (found === undefined || scaled === undefined) return undefined;
  const factors: Factors = { ...found, scaled };
  const ofVariance = values.inputOf(total[1], 'Neg');
  const fits =
    scaledFrom?.[0] === found.dy &&
    scaledFrom[1] === forward.gamma &&
    isMeanGradient(values, total[0], factors) &&
    ofVariance !== undefined &&
    reducedOverBatch(values, ofVariance, 'Sum') === varianceTerm &&
    isVarianceGradient(values, broadcastTotal(values, byVariance?.[0], forward), forward, factors);
  if (!fits) return undefined;
  const sums = operations.filter(({ op }) => op === 'Sum').map((sum) => outputOf(sum));
  const isScaleGradient = (handle: Handle): boolean => {
    const product = values.inputsOf(reducedOverBatch(values, handle, 'Sum'), 'Mul');
    const normal = values.inputsOf(product?.[1], 'Mul');
    return product?.[0] === found.dy && normal?.[1] === found.inverse && isDifference(values, normal[0], forward);
  };
  return {
    dy: found.dy,
    sum: outputOf(operation),
    other,
    dGamma: sums.find(isScaleGradient),
    dBeta: sums.find((handle) => reducedOverBatch(values, handle, 'Sum') === found.dy),
  };
}
