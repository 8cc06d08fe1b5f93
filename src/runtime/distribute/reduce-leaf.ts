/** Combines one distributed value over all replicas: reduce and gather. Touches tensors only. */
import type { StrategyParts } from './strategy-parts.js';
import type { Tensor } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { isTensor } from './nest.js';
import { ReduceOp } from './reduce-op.js';
import { DistributedValues, Mirrored } from './values.js';

function asTensor({ runner }: StrategyParts, value: unknown): Tensor {
  if (isTensor(value)) return value as Tensor;
  if (typeof value === 'number') return runner.tf.scalar(value);
  throw new MirrorscopeError(
    ErrorCode.InvalidArgument,
    `Only tensors and numbers can be combined, not ${String(value)}.`,
  );
}

/** Lists the components of a leaf in this process. With one replica, the leaf is the component itself. */
function localComponents(parts: StrategyParts, leaf: unknown): Tensor[] | undefined {
  if (leaf instanceof DistributedValues) return leaf.values.map((value) => asTensor(parts, value));
  return parts.topology.localReplicaCount === 1 ? [asTensor(parts, leaf)] : undefined;
}

/** Chooses the tensors to combine, and the function that combines them with those of other processes, or alone. */
function combination(
  parts: StrategyParts,
  operation: ReduceOp,
  leaf: unknown,
): { tensors: readonly Tensor[]; combine: (operation: ReduceOp, tensors: readonly Tensor[]) => Tensor } {
  const { runner, crossDeviceOps } = parts;
  const isMirroredMean = leaf instanceof Mirrored && operation === ReduceOp.MEAN;
  const tensors = isMirroredMean ? undefined : localComponents(parts, leaf);
  if (tensors !== undefined) return { tensors, combine: (op, some) => runner.reduce(parts, op, some) };
  if (operation === ReduceOp.SUM) {
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      'A value that is not distributed cannot be summed over replicas.',
      { hint: 'Pass what strategy.run returned, or use ReduceOp.MEAN, which leaves such a value as it is.' },
    );
  }
  const same = asTensor(parts, leaf instanceof Mirrored ? leaf.values[0] : leaf);
  return { tensors: [same], combine: (op, some) => crossDeviceOps.reduce(runner.tf, op, some) };
}

/** Reduces one leaf of the value passed to `Strategy.reduce` to one tensor. */
export function reduceLeaf(parts: StrategyParts, operation: ReduceOp, leaf: unknown, axis: number | null): Tensor {
  const { tf } = parts.runner;
  return tf.tidy(() => {
    const { tensors, combine } = combination(parts, operation, leaf);
    if (axis === null) return combine(operation, tensors);
    const sum = combine(
      ReduceOp.SUM,
      tensors.map((tensor) => tf.sum(tensor, axis)),
    );
    if (operation === ReduceOp.SUM) return sum;
    const counts = tensors.map((tensor) => tf.scalar(tensor.shape.at(axis) ?? 1));
    return tf.div(sum, combine(ReduceOp.SUM, counts));
  });
}

/** Gathers one leaf of the value passed to `Strategy.gather` into one tensor. */
export function gatherLeaf(parts: StrategyParts, leaf: unknown, axis: number): Tensor {
  const { runner } = parts;
  return runner.tf.tidy(() => {
    const values = leaf instanceof DistributedValues ? leaf.values : [leaf];
    const tensors = values.map((value) => asTensor(parts, value));
    if (tensors.some((tensor) => tensor.rank === 0)) {
      throw new MirrorscopeError(ErrorCode.InvalidArgument, 'Scalars cannot be gathered.', {
        hint: 'Give the value an axis first, for instance with tf.expandDims, or use reduce.',
      });
    }
    return runner.gather(parts, tensors, axis);
  });
}
