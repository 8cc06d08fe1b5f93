/** A training step over replicas as users write it with `strategy.run`, and the data for it. */
import * as tf from '@tensorflow/tfjs';
import { vi } from 'vitest';

import {
  getReplicaContext,
  MirroredStrategy,
  PerReplica,
  ReduceOp,
  type ReplicaContext,
} from '../../../src/runtime/index.js';
import { GraphBuilder } from '../../../src/runtime/trace/graph-builder.js';

export const strategyOf = (devices: number): MirroredStrategy =>
  new MirroredStrategy({ devices, engine: 'tensorflow' });
export const me = (): ReplicaContext => getReplicaContext() as ReplicaContext;
export const numbers = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());

const ROWS = 22;
export const BATCH = 8;
const features = (): tf.Tensor2D => tf.randomNormal([ROWS, 3], 0, 1, 'float32', 1);
const targets = (): tf.Tensor2D => tf.randomNormal([ROWS, 1], 0, 1, 'float32', 2);

export interface Batch {
  readonly xs: tf.Tensor2D;
  readonly ys: tf.Tensor2D;
}

/** Makes a network of two layers from variables. */
export function network(): { variables: tf.Variable[]; squares(batch: Batch): tf.Scalar } {
  const hidden = tf.variable(tf.randomNormal([3, 4], 0, 0.5, 'float32', 3));
  const output = tf.variable(tf.randomNormal([4, 1], 0, 0.5, 'float32', 4));
  return {
    variables: [hidden, output],
    squares: ({ xs, ys }) =>
      tf.sum<tf.Scalar>(tf.squaredDifference(tf.matMul(tf.tanh(tf.matMul(xs, hidden as never)), output as never), ys)),
  };
}

/**
 * One step as a user writes it: the optimizer adds up the gradients of the replicas' parts of the loss.
 */
export function trainingStep(
  net: ReturnType<typeof network>,
  optimizer: tf.Optimizer,
): (batch: Batch, rows: number) => tf.Tensor {
  return (batch, rows) => {
    const { value, grads } = tf.variableGrads(() => tf.div<tf.Scalar>(net.squares(batch), rows), net.variables);
    optimizer.applyGradients(grads);
    return me().allReduce(ReduceOp.SUM, value);
  };
}

export function batches(): Batch[] {
  const [x, y] = [features(), targets()];
  return Array.from({ length: Math.ceil(ROWS / BATCH) }, (_, index) => {
    const [start, size] = [index * BATCH, Math.min(BATCH, ROWS - index * BATCH)];
    return { xs: tf.slice(x, [start], [size]), ys: tf.slice(y, [start], [size]) };
  });
}

/** Splits a batch into contiguous rows for each replica, as equal in size as possible. */
export function split({ xs, ys }: Batch, replicas: number): { xs: PerReplica; ys: PerReplica } {
  const rows = xs.shape[0];
  const parts = Array.from({ length: replicas }, (_, replica) => {
    const start = Math.ceil((replica * rows) / replicas);
    return [start, Math.ceil(((replica + 1) * rows) / replicas) - start] as const;
  });
  const of = (tensor: tf.Tensor): PerReplica =>
    new PerReplica(parts.map(([start, size]) => tf.slice(tensor, [start], [size])));
  return { xs: of(xs), ys: of(ys) };
}

/** Counts the TensorFlow functions that `body` makes. */
export function countingTraces(body: () => void): number {
  const spy = vi.spyOn(GraphBuilder.prototype, 'toFunction');
  try {
    body();
    return spy.mock.calls.length;
  } finally {
    spy.mockRestore();
  }
}
