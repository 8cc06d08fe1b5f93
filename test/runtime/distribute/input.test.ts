/** Distributed datasets. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { splitRows } from '../../../src/runtime/distribute/split-batch.js';
import {
  ErrorCode,
  type InputContext,
  MirroredStrategy,
  OneDeviceStrategy,
  PerReplica,
  ReduceOp,
  type Strategy,
} from '../../../src/runtime/index.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';

useCpuBackend();

const two = new MirroredStrategy({ devices: 2 });
const numbers = (count: number): tf.data.Dataset<tf.TensorContainer> =>
  tf.data.array(Array.from({ length: count }, (_, index) => ({ x: [index], y: index })));

async function collect(strategy: Strategy, dataset: AsyncIterable<unknown>): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const element of dataset) {
    const { x } = element as { x: PerReplica };
    seen.push(strategy.localResults(x).map((tensor) => tensor.flatten().arraySync()));
    tf.dispose(element as tf.TensorContainer);
    for (const part of Object.values(element as object)) if (part instanceof PerReplica) part.dispose();
  }
  return seen;
}

test.each([
  [10, 4, [3, 3, 2, 2]],
  [8, 2, [4, 4]],
  [2, 3, [1, 1, 0]],
  [0, 2, [0, 0]],
])('%i rows over %i replicas', (rows, replicas, sizes) => {
  const ranges = splitRows(rows, replicas);
  expect(ranges.map(({ size }) => size)).toEqual(sizes);
  expect(ranges.map(({ start }) => start)).toEqual(
    sizes.map((_, index) => sizes.slice(0, index).reduce((sum, size) => sum + size, 0)),
  );
});

describe('distributeDataset', () => {
  test('splits each global batch; a replica may get no rows of the last one', async () => {
    const dataset = two.distributeDataset(numbers(9).batch(4));
    expect(await collect(two, dataset)).toEqual([
      [
        [0, 1],
        [2, 3],
      ],
      [
        [4, 5],
        [6, 7],
      ],
      [[8], []],
    ]);
    // A second iteration starts from the first element.
    expect(await collect(two, dataset)).toHaveLength(3);
    expect(dataset.size).toBe(3);
  });

  test('yields the batches themselves with one replica', async () => {
    const one = new OneDeviceStrategy();
    expect(await collect(one, one.distributeDataset(numbers(3).batch(2)))).toEqual([[[0, 1]], [[2]]]);
  });

  test('its elements are arguments of run, and leak no tensor', async () => {
    const dataset = two.distributeDataset(numbers(8).batch(4));
    const before = tf.memory().numTensors;
    const sums: number[] = [];
    await dataset.forEachAsync((batch) => {
      const { x, y } = batch as { x: PerReplica; y: PerReplica };
      const local = two.run((part: tf.Tensor) => part.sum(), [x]) as PerReplica;
      const sum = two.reduce(ReduceOp.SUM, local);
      sums.push(sum.dataSync()[0] as number);
      for (const value of [x, y, local]) value.dispose();
      sum.dispose();
    });
    expect(sums).toEqual([6, 22]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('rejects elements without a batch axis', async () => {
    const failing = collect(two, two.distributeDataset(tf.data.array([1, 2])));
    await expect(failing).rejects.toMatchObject({
      code: ErrorCode.InvalidArgument,
      hint: expect.stringContaining('.batch(') as unknown,
    });
  });
});

test('distributeDatasetsFromFunction gives each replica its own batch', async () => {
  let context: InputContext | undefined;
  const dataset = two.distributeDatasetsFromFunction((given) => {
    context = given;
    return numbers(5).batch(given.getPerReplicaBatchSize(4));
  });
  expect(await collect(two, dataset)).toEqual([
    [
      [0, 1],
      [2, 3],
    ],
    [[4], []],
  ]);
  expect(context).toMatchObject({ numInputPipelines: 1, inputPipelineId: 0, numReplicasInSync: 2 });
  expect(() => context?.getPerReplicaBatchSize(5)).toThrow(
    expect.objectContaining({ code: ErrorCode.InvalidArgument }),
  );
});
