/**
 * Replaces batch normalization in training with TensorFlow's own ops. TensorFlow.js composes it from 5 ops forward and
 * 30 backward, of which 20 read the whole activation. Pure. Source: tensorflow/core/kernels/fused_batch_norm_op.cc
 * (FusedBatchNormV3, FusedBatchNormGradV3).
 */
import type { Handle } from '../../tensorflow/op-executor.js';

import { attributes, bool, float, NO_ATTRIBUTES } from '../../tensorflow/attributes.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { newHandle, type Program, type RecordedOperation } from '../program.js';

import {
  type BatchNormBackward,
  batchNormBackward,
  type BatchNormForward,
  batchNormForward,
} from './batch-norm-pattern.js';
import { ProgramValues } from './program-values.js';

/** Changes to a program, by position: ops to insert after one, and ops to remove. */
interface Changes {
  readonly after: Map<number, RecordedOperation[]>;
  readonly removed: Set<number>;
}

function insertAfter({ after }: Changes, position: number, ...operations: readonly RecordedOperation[]): void {
  after.set(position, [...(after.get(position) ?? []), ...operations]);
}

/** A forward pass that is one op now, and the outputs that its backward op needs. */
interface FusedForward {
  readonly forward: BatchNormForward;
  readonly reserved: readonly Handle[];
}

const perChannel = ({ mean }: BatchNormForward): Handle => newHandle({ dtype: DataTypeCode.Float, shape: mean.shape });

function number(value: number): Handle {
  return newHandle({ dtype: DataTypeCode.Float, shape: [], constantValue: Float32Array.of(value) });
}

/** Replaces the forward pass with one op. @returns Its reserved outputs, which the backward op needs. */
function fuseForward(values: ProgramValues, changes: Changes, forward: BatchNormForward): readonly Handle[] {
  const { x, gamma, beta, mean, variance, y, epsilon, count } = forward;
  const none = newHandle({ dtype: DataTypeCode.Float, shape: [0], constantValue: new Float32Array(0) });
  const unbiased = perChannel(forward);
  const reserved = [perChannel(forward), perChannel(forward), newHandle({ dtype: DataTypeCode.Float, shape: [0] })];
  const position = values.positionOf(mean);
  insertAfter(
    changes,
    position,
    {
      op: 'FusedBatchNormV3',
      attributes: attributes(float('epsilon', epsilon), bool('is_training', true)),
      inputs: [x, gamma, beta, none, none],
      outputs: [y, mean, unbiased, ...reserved],
    },
    // TensorFlow computes the variance of a sample; TensorFlow.js needs the variance of the batch itself.
    { op: 'Mul', attributes: NO_ATTRIBUTES, inputs: [unbiased, number((count - 1) / count)], outputs: [variance] },
  );
  for (const replaced of [mean, variance, y]) changes.removed.add(values.positionOf(replaced));
  return reserved;
}

/** Replaces the backward pass with one op. */
function fuseBackward(
  values: ProgramValues,
  changes: Changes,
  { forward, reserved }: FusedForward,
  { dy, sum, other, dGamma, dBeta }: BatchNormBackward,
): void {
  const { x, gamma, epsilon } = forward;
  const like = newHandle({ dtype: DataTypeCode.Float, shape: x.shape });
  const dx = other === undefined ? sum : like;
  const unused = [
    newHandle({ dtype: DataTypeCode.Float, shape: [0] }),
    newHandle({ dtype: DataTypeCode.Float, shape: [0] }),
  ];
  const position = Math.max(values.positionOf(dy), values.positionOf(forward.mean), values.positionOf(gamma));
  insertAfter(changes, position, {
    op: 'FusedBatchNormGradV3',
    attributes: attributes(float('epsilon', epsilon), bool('is_training', true)),
    inputs: [dy, x, gamma, ...reserved],
    outputs: [dx, dGamma ?? perChannel(forward), dBeta ?? perChannel(forward), ...unused],
  });
  const last = values.positionOf(sum);
  changes.removed.add(last);
  if (other !== undefined)
    insertAfter(changes, last, { op: 'AddV2', attributes: NO_ATTRIBUTES, inputs: [other, dx], outputs: [sum] });
  for (const gradient of [dGamma, dBeta]) if (gradient !== undefined) changes.removed.add(values.positionOf(gradient));
}

/**
 * Replaces each batch normalization in training with one op forward and one backward.
 *
 * @param program - Any program.
 * @returns The program; ops that became unused remain.
 */
export function fuseBatchNorm(program: Program): Program {
  const values = new ProgramValues(program);
  const forwards = program.operations.flatMap((operation) => batchNormForward(values, operation) ?? []);
  if (forwards.length === 0) return program;
  const changes: Changes = { after: new Map(), removed: new Set() };
  const fused = forwards.map((forward): FusedForward => ({ forward, reserved: fuseForward(values, changes, forward) }));
  // In reverse, because the backward pass of a layer may start from the gradient of the layer after it.
  for (const layer of fused.toReversed()) {
    for (const operation of program.operations) {
      const backward = batchNormBackward(values, operation, layer.forward, program.operations);
      if (backward !== undefined) {
        fuseBackward(values, changes, layer, backward);
        break;
      }
    }
  }
  const operations = program.operations.flatMap((operation, position) => [
    ...(changes.removed.has(position) ? [] : [operation]),
    ...(changes.after.get(position) ?? []),
  ]);
  return { ...program, operations };
}
