/**
 * Replaces Adam's step, which TensorFlow.js composes from 14 element-wise ops for each variable, with one op that reads
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
import { newHandle, outputOf, type Program, type RecordedOperation, sameShape, tensorInput } from '../program.js';

import { ProgramValues } from './program-values.js';

/** The most that two roundings of 1 - beta differ by. */
const ROUNDING = 1e-6;

interface MovingAverage {
  readonly before: Handle;
  readonly decay: Handle;
  /** The new value that enters the average. */
  readonly sample: Handle;
}

/** Matches `before * decay + sample * (1 - decay)`. */
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

/** A candidate for a step, and the values between the moments and the new value. */
interface AdamCandidate {
  readonly step: AdamStep;
  readonly between: readonly Handle[];
  /** The `1` of each `1 - power`. */
  readonly ones: readonly Handle[];
}

/** Matches the ops of a step; `operation` is its last op. */
function adamCandidate(values: ProgramValues, operation: RecordedOperation): AdamCandidate | undefined {
  if (operation.op !== 'AddV2') return undefined;
  const update = tensorInput(operation, 0);
  const scaled = values.inputsOf(update, 'Mul');
  const quotient = values.inputsOf(scaled?.[0], 'RealDiv');
  const numerator = values.inputsOf(quotient?.[0], 'RealDiv');
  const denominator = values.inputsOf(quotient?.[1], 'AddV2');
  const root = values.inputOf(denominator?.[0], 'Sqrt');
  const corrected = values.inputsOf(root, 'RealDiv');
  if (scaled === undefined || quotient === undefined || numerator === undefined || denominator === undefined)
    return undefined;
  if (root === undefined || corrected === undefined) return undefined;
  const [newFirst, correction1] = numerator;
  const [newSecond, correction2] = corrected;
  const [first, second] = [movingAverage(values, newFirst), movingAverage(values, newSecond)];
  const [power1, power2] = [values.inputsOf(correction1, 'Sub'), values.inputsOf(correction2, 'Sub')];
  if (first === undefined || second === undefined || power1 === undefined || power2 === undefined) return undefined;
  return {
    step: {
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
    },
    between: [update, scaled[0], ...quotient, denominator[0], root],
    ones: [power1[0], power2[0]],
  };
}

/** Matches a whole step, with the right constants, shapes and types; `operation` is its last op. */
function adamStep(values: ProgramValues, operation: RecordedOperation): AdamStep | undefined {
  const candidate = adamCandidate(values, operation);
  if (candidate === undefined) return undefined;
  const { step, between, ones } = candidate;
  const { value, first, second, newFirst, newSecond } = step;
  const scalars = [step.power1, step.power2, step.epsilon, step.scale];
  const tensors = [value, first.before, second.before, first.sample, newFirst, newSecond];
  const output = outputOf(operation);
  const fits =
    values.inputOf(second.sample, 'Square') === first.sample &&
    ones.every((one) => values.numberOf(one) === 1) &&
    values.numberOf(step.epsilon) !== undefined &&
    scalars.every(({ shape, dtype }) => shape.length === 0 && dtype === DataTypeCode.Float) &&
    tensors.every((tensor) => tensor.dtype === DataTypeCode.Float && sameShape(tensor, output)) &&
    // Only the step reads these, so the moments may appear where it ends, and the other values not at all.
    values.areReadOnce([newFirst, newSecond, ...between]) &&
    !values.anyIsResult(between);
  return fits ? step : undefined;
}

/**
 * Replaces each step of Adam with one {@link ADAM_UPDATE}.
 *
 * @param program - Any program.
 * @returns The program. It computes the same scalars for each variable, and keeps ops that became unused; later passes
 *   share and remove them.
 */
export function fuseAdam(program: Program): Program {
  const values = new ProgramValues(program);
  const operations: RecordedOperation[] = [];
  const scalar = (op: string, inputs: readonly Handle[]): Handle => {
    const output = newHandle({ dtype: DataTypeCode.Float, shape: [] });
    operations.push({ op, attributes: NO_ATTRIBUTES, inputs, outputs: [output] });
    return output;
  };
  const fusedMoments = new Set<Handle>();
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
      outputs: [outputOf(operation), newFirst, newSecond],
    });
    fusedMoments.add(newFirst).add(newSecond);
  }
  // The fused op computes the moments now.
  const isReplaced = ({ op, outputs }: RecordedOperation): boolean =>
    op !== ADAM_UPDATE && outputs.some((output) => fusedMoments.has(output));
  return { ...program, operations: operations.filter((operation) => !isReplaced(operation)) };
}
