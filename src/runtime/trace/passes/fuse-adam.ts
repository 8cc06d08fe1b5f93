/**
 * Recognizes Adam's step, which TensorFlow.js composes of 14 element-wise ops a variable, and puts one op in its place that goes over
 * memory once. Pure. The formula is that of tfjs-core's AdamOptimizer:
 *
 *     m' = beta1 m + (1 - beta1) g        v' = beta2 v + (1 - beta2) g²
 *     value' = value + scale (m' / c1) / (sqrt(v' / c2) + epsilon)        c = 1 - beta to the power of the step
 *
 * TensorFlow's ApplyAdam is value - rate sqrt(c2) / c1 m' / (sqrt(v') + epsilon'): the same with rate = -scale and
 * epsilon' = epsilon sqrt(c2). Source: tensorflow/core/kernels/training_ops.cc.
 */
import type { Handle } from '../../tensorflow/op-executor.js';

import { NO_ATTRIBUTES } from '../../tensorflow/attributes.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { ADAM_UPDATE } from '../composite-operations.js';
import { newHandle, type Program, type RecordedOperation } from '../program.js';

import { sameShape, tensorInput } from './identity-rules.js';
import { ProgramValues } from './program-values.js';

/** What two roundings of 1 - beta may differ by. */
const ROUNDING = 1e-6;

interface MovingAverage {
  readonly before: Handle;
  readonly decay: Handle;
  /** What is averaged. */
  readonly sample: Handle;
}

/** `before * decay + sample * (1 - decay)`. */
function movingAverage(values: ProgramValues, handle: Handle): MovingAverage | undefined {
  const sum = values.inputsOf(handle, 'AddV2');
  const kept = values.inputsOf(sum?.[0], 'Mul');
  const added = values.inputsOf(sum?.[1], 'Mul');
  const [decay, rest] = [values.numberOf(kept?.[1]), values.numberOf(added?.[1])];
  if (kept === undefined || added === undefined || decay === undefined || rest === undefined) return undefined;
  return Math.abs(decay + rest - 1) < ROUNDING ? { before: kept[0], decay: kept[1], sample: added[0] } : undefined;
}

interface AdamStep {
  readonly value: Handle;
  readonly first: MovingAverage;
  readonly second: MovingAverage;
  readonly newFirst: Handle;
  readonly newSecond: Handle;
  readonly power1: Handle;
  readonly power2: Handle;
  readonly correction2: Handle;
  readonly epsilon: Handle;
  readonly scale: Handle;
}

/** The step that a sum is the last op of. */
function adamStep(values: ProgramValues, operation: RecordedOperation): AdamStep | undefined {
  if (operation.op !== 'AddV2') return undefined;
  const scaled = values.inputsOf(tensorInput(operation, 0), 'Mul');
  const quotient = values.inputsOf(scaled?.[0], 'RealDiv');
  const numerator = values.inputsOf(quotient?.[0], 'RealDiv');
  const denominator = values.inputsOf(quotient?.[1], 'AddV2');
  const root = values.inputsOf(denominator?.[0], 'Sqrt')?.[0];
  const corrected = values.inputsOf(root, 'RealDiv');
  if (scaled === undefined || quotient === undefined || numerator === undefined || denominator === undefined)
    return undefined;
  if (root === undefined || corrected === undefined) return undefined;
  const [newFirst, correction1] = numerator;
  const [newSecond, correction2] = corrected;
  const [first, second] = [movingAverage(values, newFirst), movingAverage(values, newSecond)];
  const [power1, power2] = [values.inputsOf(correction1, 'Sub'), values.inputsOf(correction2, 'Sub')];
  if (first === undefined || second === undefined || power1 === undefined || power2 === undefined) return undefined;
  const step: AdamStep = {
    value: tensorInput(operation, 1),
    first,
    second,
    newFirst,
    newSecond,
    power1: power1[1],
    power2: power2[1],
    correction2,
    epsilon: denominator[1],
    scale: scaled[1],
  };
  const between = [tensorInput(operation, 0), scaled[0], ...quotient, denominator[0], root];
  const scalars = [step.power1, step.power2, step.epsilon, step.scale];
  const tensors = [step.value, first.before, second.before, first.sample, newFirst, newSecond];
  const fits =
    values.inputsOf(second.sample, 'Square')?.[0] === first.sample &&
    values.numberOf(power1[0]) === 1 &&
    values.numberOf(power2[0]) === 1 &&
    values.numberOf(step.epsilon) !== undefined &&
    scalars.every(({ shape, dtype }) => shape.length === 0 && dtype === DataTypeCode.Float) &&
    tensors.every(
      (tensor) => tensor.dtype === DataTypeCode.Float && sameShape(tensor, operation.outputs[0] as Handle),
    ) &&
    // Read by nothing but the step itself, so that the moments may come into being where it ends, and the rest not at all.
    values.areReadOnce([newFirst, newSecond, ...between]) &&
    !values.areResults(between);
  return fits ? step : undefined;
}

/**
 * The program with each step of Adam as one {@link ADAM_UPDATE}; what all variables
 * compute alike is left for sharing, what it no longer needs for pruning.
 */
export function fuseAdam(program: Program): Program {
  const values = new ProgramValues(program);
  const operations: RecordedOperation[] = [];
  const scalar = (op: string, inputs: readonly Handle[]): Handle => {
    const output = newHandle({ dtype: DataTypeCode.Float, shape: [] });
    operations.push({ op, attributes: NO_ATTRIBUTES, inputs, outputs: [output] });
    return output;
  };
  const fused = new Set<Handle>();
  for (const operation of program.operations) {
    const step = adamStep(values, operation);
    if (step === undefined) {
      operations.push(operation);
      continue;
    }
    const { value, first, second, newFirst, newSecond, power1, power2, correction2, epsilon, scale } = step;
    const inputs = [
      value,
      first.before,
      second.before,
      power1,
      power2,
      scalar('Neg', [scale]),
      first.decay,
      second.decay,
      scalar('Mul', [epsilon, scalar('Sqrt', [correction2])]),
      first.sample,
    ];
    operations.push({
      op: ADAM_UPDATE,
      attributes: NO_ATTRIBUTES,
      inputs,
      outputs: [operation.outputs[0] as Handle, newFirst, newSecond],
    });
    fused.add(newFirst).add(newSecond);
  }
  // What made the moments before, and what only led from them to the value.
  const isReplaced = ({ op, outputs }: RecordedOperation): boolean =>
    op !== ADAM_UPDATE && outputs.some((output) => fused.has(output));
  return { ...program, operations: operations.filter((operation) => !isReplaced(operation)) };
}
