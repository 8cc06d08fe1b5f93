/**
 * Puts TensorFlow's own training ops in the place of batch normalization that TensorFlow.js composes of 5 ops forward and 30
 * backward, of which 20 go over the whole activation. Pure.
 * Source: tensorflow/core/kernels/fused_batch_norm_op.cc (FusedBatchNormV3, FusedBatchNormGradV3).
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

/** What changes in a program, by position: ops that come after one, and ops that fall away. */
interface Changes {
  readonly after: Map<number, RecordedOperation[]>;
  readonly removed: Set<number>;
}

function insertAfter({ after }: Changes, position: number, ...operations: readonly RecordedOperation[]): void {
  after.set(position, [...(after.get(position) ?? []), ...operations]);
}

const perChannel = ({ mean }: BatchNormForward): Handle => newHandle({ dtype: DataTypeCode.Float, shape: mean.shape });

function number(value: number): Handle {
  return newHandle({ dtype: DataTypeCode.Float, shape: [], constantValue: Float32Array.of(value) });
}

/** The forward pass as one op. @returns What the backward op wants of it: its reserved outputs. */
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
    // TensorFlow gives the variance of a sample, TensorFlow.js wants that of the batch itself.
    { op: 'Mul', attributes: NO_ATTRIBUTES, inputs: [unbiased, number((count - 1) / count)], outputs: [variance] },
  );
  for (const replaced of [mean, variance, y]) changes.removed.add(values.positionOf(replaced));
  return reserved;
}

function fuseBackward(
  values: ProgramValues,
  changes: Changes,
  forward: BatchNormForward,
  { dy, sum, other, dGamma, dBeta }: BatchNormBackward,
  reserved: readonly Handle[],
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

/** The program with each batch normalization in training as one op forward and one backward; the rest is left for pruning. */
export function fuseBatchNorm(program: Program): Program {
  const values = new ProgramValues(program);
  const forwards = program.operations.flatMap((operation) => batchNormForward(values, operation) ?? []);
  if (forwards.length === 0) return program;
  const changes: Changes = { after: new Map(), removed: new Set() };
  const reservedOf = new Map(forwards.map((forward) => [forward, fuseForward(values, changes, forward)]));
  // Backwards: one layer's gradient may be what the next one starts from.
  for (const [forward, reserved] of [...reservedOf].reverse()) {
    for (const operation of program.operations) {
      const backward = batchNormBackward(values, operation, forward, program.operations);
      if (backward !== undefined) {
        fuseBackward(values, changes, forward, backward, reserved);
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
