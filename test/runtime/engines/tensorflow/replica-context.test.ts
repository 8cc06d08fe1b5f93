/** The replica context of layers and losses in a traced step. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test, vi } from 'vitest';

import {
  getReplicaContext,
  getStrategy,
  MirroredStrategy,
  ReduceOp,
  type ReplicaContext,
} from '../../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';

const strategyOf = (devices: number): MirroredStrategy =>
  new MirroredStrategy({ devices, engine: 'tensorflow', communicationOptions: { timeoutSeconds: 20 } });

/** Trains one step on 6 rows and one on 2 rows; the target of a row is its number, from 1. @returns The losses. */
async function losses(
  strategy: MirroredStrategy,
  loss: (target: tf.Tensor, output: tf.Tensor) => tf.Tensor,
): Promise<{ losses: number[]; warnings: string[] }> {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  try {
    const model = strategy.scope(() => {
      const built = tf.sequential({
        layers: [tf.layers.dense({ units: 1, inputShape: [1], useBias: false, kernelInitializer: 'ones' })],
      });
      built.compile({ optimizer: tf.train.sgd(0), loss });
      return built;
    });
    const values: number[] = [];
    for (const rows of [6, 2]) {
      const targets = tf.tensor2d(
        Array.from({ length: rows }, (_, row) => row + 1),
        [rows, 1],
      );
      values.push((await model.trainOnBatch(tf.ones([rows, 1]), targets)) as number);
    }
    return {
      losses: values,
      warnings: warn.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('runs eagerly')),
    };
  } finally {
    warn.mockRestore();
  }
}

const context = (): ReplicaContext => getReplicaContext() as ReplicaContext;

describe.skipIf(locateTensorFlow().files === undefined)('traced', () => {
  beforeAll(() => void strategyOf(4));

  test.each([1, 2, 3])('%i replicas: an all-reduce in a loss is part of the step', async (devices) => {
    const strategy = strategyOf(devices);
    // The loss of every row is the sum of all targets, or the mean over replicas with rows.
    const sum = await losses(strategy, (target, output) => {
      expect(getStrategy()).toBe(strategy);
      return output.mul(0).add(context().allReduce(ReduceOp.SUM, target.sum()));
    });
    expect(sum).toEqual({ losses: [21, 3], warnings: [] });
    const mean = await losses(strategy, (target, output) =>
      output.mul(0).add(context().allReduce(ReduceOp.MEAN, target.sum())),
    );
    expect(mean).toEqual({
      losses: [expect.closeTo(21 / devices, 5), expect.closeTo(3 / Math.min(2, devices), 5)],
      warnings: [],
    });
  });

  test('a loss that reads the number of its replica runs eagerly', async () => {
    const result = await losses(strategyOf(2), (_target, output) => output.mul(0).add(context().replicaIdInSyncGroup));
    expect(result.losses).toEqual([0.5, 0.5]);
    expect(result.warnings).toEqual([expect.stringContaining('replicaIdInSyncGroup')]);
  });

  test('a loss that calls mergeCall runs eagerly', async () => {
    const result = await losses(strategyOf(2), (target, output) =>
      output
        .mul(0)
        .add(
          context().mergeCall((strategy, value) => strategy.reduce(ReduceOp.SUM, value), [target.sum()]) as tf.Tensor,
        ),
    );
    expect(result.losses).toEqual([21, 3]);
    expect(result.warnings).toEqual([expect.stringContaining('mergeCall')]);
  });
});
