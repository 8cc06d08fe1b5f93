/** An optimizer that makes its variables while replicas wait for each other. */
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

import {
  getReplicaContext,
  MirroredStrategy,
  type PerReplica,
  ReduceOp,
  type ReplicaContext,
} from '../../../src/runtime/index.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';

useCpuBackend();

test('an optimizer may make its slots between two collectives', () => {
  const weight = tf.variable(tf.scalar(1));
  const optimizer = tf.train.adam(0.1);
  const step = (): tf.Tensor => {
    const { value, grads } = tf.variableGrads(() => tf.square(weight), [weight]);
    const replica = getReplicaContext() as ReplicaContext;
    optimizer.applyGradients(grads as never);
    return replica.allReduce(ReduceOp.SUM, value);
  };
  const losses = new MirroredStrategy({ devices: 3 }).run(step) as PerReplica;
  expect(losses.values.map((loss) => loss.dataSync()[0])).toEqual([3, 3, 3]);
  expect(weight.dataSync()[0]).toBeCloseTo(0.9);
  // The replicas together took one step.
  expect(optimizer.iterations).toBe(1);
});
