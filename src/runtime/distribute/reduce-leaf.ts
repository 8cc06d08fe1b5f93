/** Combining one distributed value over replicas: reduce and gather. */
import type { Strategy } from './strategy.js';
import type { Tensor } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { isTensor } from './nest.js';
import { ReduceOp } from './reduce-op.js';
import { DistributedValues, Mirrored } from './values.js';

function asTensor(strategy: Strategy, value: unknown): Tensor {
  if (isTensor(value)) return value as Tensor;
  if (typeof value === 'number') return strategy.engine.tf.scalar(value);
  throw new MirrorscopeError(
    ErrorCode.InvalidArgument,
    `Only tensors and numbers can be combined, not ${String(value)}.`,
  );
}

function components(strategy: Strategy, operation: ReduceOp, leaf: unknown): Tensor[] {
  if (leaf instanceof Mirrored && operation === ReduceOp.MEAN) return [asTensor(strategy, leaf.values[0])];
  if (leaf instanceof DistributedValues) return leaf.values.map((value) => asTensor(strategy, value));
  if (operation === ReduceOp.SUM && strategy.numReplicasInSync > 1) {
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      'A value that is not distributed cannot be summed over replicas.',
      {
        hint: 'Pass what strategy.run returned, or use ReduceOp.MEAN, which leaves such a value as it is.',
      },
    );
  }
  return [asTensor(strategy, leaf)];
}

/** One tensor from one leaf of what `Strategy.reduce` was given. */
export function reduceLeaf(strategy: Strategy, operation: ReduceOp, leaf: unknown, axis: number | null): Tensor {
  const { tf } = strategy.engine;
  const combine = (op: ReduceOp, tensors: readonly Tensor[]): Tensor => strategy.crossDeviceOps.reduce(tf, op, tensors);
  return tf.tidy(() => {
    const tensors = components(strategy, operation, leaf);
    if (axis === null) return combine(operation, tensors);
    const sum = combine(
      ReduceOp.SUM,
      tensors.map((tensor) => tf.sum(tensor, axis)),
    );
    if (operation === ReduceOp.SUM) return sum;
    const counts = tensors.map((tensor) => tensor.shape.at(axis) ?? 1);
    return tf.div(
      sum,
      counts.reduce((total, count) => total + count, 0),
    );
  });
}

/** One tensor from one leaf of what `Strategy.gather` was given. */
export function gatherLeaf(strategy: Strategy, leaf: unknown, axis: number): Tensor {
  const { tf } = strategy.engine;
  return tf.tidy(() => {
    const values = leaf instanceof DistributedValues ? leaf.values : [leaf];
    const tensors = values.map((value) => asTensor(strategy, value));
    if (tensors.some((tensor) => tensor.rank === 0)) {
      throw new MirrorscopeError(ErrorCode.InvalidArgument, 'Scalars cannot be gathered.', {
        hint: 'Give the value an axis first, for instance with tf.expandDims, or use reduce.',
      });
    }
    const rows = tensors.filter((tensor) => tensor.shape.at(axis) !== 0);
    if (rows.length === 0) return tf.clone(tensors[0] as Tensor);
    return rows.length === 1 ? tf.clone(rows[0] as Tensor) : tf.concat(rows, axis);
  });
}
