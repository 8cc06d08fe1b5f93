/**
 * Recognizes batch normalization in training, forward and backward, as TensorFlow.js composes it. Pure.
 * Sources: tfjs-core's moments and gradients/FusedBatchNorm_grad, tfjs-layers' BatchNormalization.
 */
import type { Handle } from '../../tensorflow/op-executor.js';
import type { RecordedOperation } from '../program.js';
import type { ProgramValues } from './program-values.js';

import { DataTypeCode } from '../../tensorflow/data-types-table.js';

import { sameShape, tensorInput } from './identity-rules.js';

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
  /** x - mean, of the variance. */
  readonly deviation: Handle;
  readonly epsilon: number;
  /** How many elements a channel has. */
  readonly count: number;
}

/** Its backward pass. */
export interface BatchNormBackward {
  readonly dy: Handle;
  /** The gradient of x, added to {@link other} where that is there. */
  readonly sum: Handle;
  readonly other: Handle | undefined;
  readonly dGamma: Handle | undefined;
  readonly dBeta: Handle | undefined;
}

/** Whether `op` reduces an NHWC value to its channels. */
function reducedOverBatch(values: ProgramValues, handle: Handle, op: 'Mean' | 'Sum'): Handle | undefined {
  const inputs = values.inputsOf(handle, op);
  if (inputs === undefined || handle.shape.length !== 1 || inputs[0].shape.length !== 4) return undefined;
  const axes = values.constantOf(inputs[1]) as ArrayLike<number> | undefined;
  return axes !== undefined && Array.from(axes).sort().join() === MOMENT_AXES ? inputs[0] : undefined;
}

/** The forward pass that a `FusedBatchNorm` ends. */
export function batchNormForward(values: ProgramValues, operation: RecordedOperation): BatchNormForward | undefined {
  if (operation.op !== 'FusedBatchNorm') return undefined;
  const [x, gamma, beta, mean, variance] = operation.inputs as readonly [Handle, Handle, Handle, Handle, Handle];
  const attribute = (name: string): unknown => operation.attributes.entries.find((entry) => entry.name === name)?.value;
  const squared = reducedOverBatch(values, variance, 'Mean');
  const deviation = values.inputOf(squared, 'Square');
  const difference = values.inputsOf(deviation, 'Sub');
  const count = x.shape.slice(0, 3).reduce((product, size) => product * size, 1);
  const start = values.positionOf(mean);
  const fits =
    attribute('is_training') === false &&
    attribute('data_format') === undefined &&
    x.dtype === DataTypeCode.Float &&
    count > 1 &&
    reducedOverBatch(values, mean, 'Mean') === x &&
    difference?.[0] === x &&
    values.inputOf(difference[1], 'Reshape') === mean &&
    // The one op stands where the mean was: what it reads has to be there.
    values.positionOf(gamma) < start &&
    values.positionOf(beta) < start;
  if (!fits) return undefined;
  return {
    x,
    gamma,
    beta,
    mean,
    variance,
    y: operation.outputs[0] as Handle,
    deviation: deviation as Handle,
    epsilon: attribute('epsilon') as number,
    count,
  };
}

/** The gradient of a mean: `total` spread over all elements and divided by their count. @returns total */
function spreadTotal(
  values: ProgramValues,
  handle: Handle | undefined,
  { count, x }: BatchNormForward,
): Handle | undefined {
  const quotient = values.inputsOf(handle, 'RealDiv');
  if (quotient === undefined || values.numberOf(quotient[1]) !== count || !sameShape(quotient[0], x)) return undefined;
  return values.inputOf(values.inputOf(quotient[0], 'BroadcastTo'), 'Reshape');
}

/** What the terms of the gradient have in common. */
interface Factors {
  readonly dy: Handle;
  /** 1 / sqrt(variance + epsilon) */
  readonly inverse: Handle;
  /** dy * gamma */
  readonly scaled: Handle;
}

function isInverse(
  values: ProgramValues,
  handle: Handle | undefined,
  { variance, epsilon }: BatchNormForward,
): handle is Handle {
  const shifted = values.inputsOf(values.inputOf(handle, 'Rsqrt'), 'AddV2');
  const shift = values.numberOf(shifted?.[1]);
  return shifted?.[0] === variance && shift !== undefined && Math.abs(shift - epsilon) <= epsilon * 1e-6;
}

/** `dy * inverse * gamma`, the part of the gradient that goes straight to x. */
function straightTerm(
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

/** `sum(-0.5 inverse³ (x - mean) * scaled)`: the gradient of the variance. */
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

/** `x - mean` */
function isDifference(values: ProgramValues, handle: Handle | undefined, { x, mean }: BatchNormForward): boolean {
  const difference = values.inputsOf(handle, 'Sub');
  return difference?.[0] === x && difference[1] === mean;
}

/** `sum(-inverse * scaled)`: the gradient of the mean, but for what comes by the variance. */
function isMeanGradient(values: ProgramValues, handle: Handle, { inverse, scaled }: Factors): boolean {
  const product = values.inputsOf(reducedOverBatch(values, handle, 'Sum'), 'Mul');
  const negated = values.inputsOf(product?.[0], 'Mul');
  return product?.[1] === scaled && negated?.[0] === inverse && values.numberOf(negated[1]) === -1;
}

/** The backward pass of `forward` that a sum is the last op of: straight term + variance's term + mean's term. */
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
  const total = values.inputsOf(spreadTotal(values, tensorInput(operation, 1), forward), 'AddV2');
  if (total === undefined) return undefined;
  const [rest, varianceTerm] = before;
  const sum = values.inputsOf(rest, 'AddV2');
  const [other, straight] =
    straightTerm(values, rest, forward) === undefined && sum !== undefined ? sum : [undefined, rest];
  const found = straightTerm(values, straight, forward);
  const scaled = values.inputsOf(total[0], 'Sum') && values.inputsOf(values.inputOf(total[0], 'Sum'), 'Mul')?.[1];
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
    isVarianceGradient(values, spreadTotal(values, byVariance?.[0], forward), forward, factors);
  if (!fits) return undefined;
  const sums = operations.filter(({ op }) => op === 'Sum').map(({ outputs }) => outputs[0] as Handle);
  const isScaleGradient = (handle: Handle): boolean => {
    const product = values.inputsOf(reducedOverBatch(values, handle, 'Sum'), 'Mul');
    const normal = values.inputsOf(product?.[1], 'Mul');
    return product?.[0] === found.dy && normal?.[1] === found.inverse && isDifference(values, normal[0], forward);
  };
  return {
    dy: found.dy,
    sum: operation.outputs[0] as Handle,
    other,
    dGamma: sums.find(isScaleGradient),
    dBeta: sums.find((handle) => reducedOverBatch(values, handle, 'Sum') === found.dy),
  };
}
