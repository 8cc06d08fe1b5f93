/** How the processes of a strategy share a dataset. The processes are loops in this one. */
import type { InputPeers } from '../../../src/runtime/distribute/input/input-peers.js';

import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { shareOfProcess } from '../../../src/runtime/distribute/input/shardable-dataset.js';
import { shardedBatches } from '../../../src/runtime/distribute/input/sharded-batches.js';
import {
  AutoShardPolicy,
  datasetFromFiles,
  ErrorCode,
  MirroredStrategy,
  shardFiles,
  withAutoShardPolicy,
} from '../../../src/runtime/index.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';
import { SILENT } from '../support/silent.js';

useCpuBackend();

type Rows = tf.data.Dataset<tf.TensorContainer>;
const of = (rows: readonly number[]): Rows => tf.data.array([...rows]);
const workerOf = (numInputPipelines: number, inputPipelineId: number) => ({ numInputPipelines, inputPipelineId });

/** Three files of two rows, named after their rows. */
const FILES = ['0,1', '2,3', '4,5'];
const readRows = (files: readonly string[]): Rows => of(files.flatMap((file) => file.split(',').map(Number)));

async function rowsOf(dataset: Rows | undefined): Promise<number[]> {
  const rows: number[] = [];
  await dataset?.forEachAsync((batch) => rows.push(...[batch as tf.Tensor | number].flatMap(toNumbers)));
  return rows;
}

function toNumbers(value: tf.Tensor | number): number[] {
  return typeof value === 'number' ? [value] : [...value.dataSync()];
}

/** Lets loops tell each other values, as processes do. */
class Meeting {
  readonly #count: number;
  #waiting: { readonly process: number; readonly value: unknown; readonly resolve: (all: never) => void }[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  tell<Value>(process: number, value: Value): Promise<Value[]> {
    return new Promise<Value[]>((resolve) => {
      this.#waiting.push({ process, value, resolve: resolve });
      if (this.#waiting.length < this.#count) return;
      const all = this.#waiting.splice(0).toSorted((a, b) => a.process - b.process);
      for (const each of all) each.resolve(all.map(({ value: told }) => told) as never);
    });
  }

  peers(process: number): InputPeers {
    return {
      exchange: (text) => this.tell(process, text),
      counts: (rows) => this.tell(process, rows),
      gather: async (rows) => {
        const all = await this.tell(process, rows?.arraySync() as number[] | undefined);
        return tf.tensor(all.flatMap((each) => each ?? []));
      },
    };
  }
}

/** The batches of every process. Rows that belong to other processes are 0. */
async function batchesOf(shares: readonly Rows[], localReplicaCount = 1, files?: readonly (readonly string[])[]) {
  const meeting = new Meeting(shares.length);
  return Promise.all(
    shares.map(async (dataset, processIndex) => {
      const batches: number[][] = [];
      const topology = { processIndex, localReplicaCount };
      const share = { dataset, files: files?.[processIndex] };
      for await (const batch of shardedBatches({ tf, topology, peers: meeting.peers(processIndex), share })) {
        const { xs } = batch as { xs: tf.Tensor };
        batches.push([...xs.dataSync()]);
        xs.dispose();
      }
      return batches;
    }),
  );
}

const xs = (rows: readonly number[], batchSize: number): Rows =>
  tf.data.array(rows.map((row) => ({ xs: row }))).batch(batchSize);

describe('policies', () => {
  test.each([
    [AutoShardPolicy.OFF, [0, 1, 2, 3, 4, 5]],
    [AutoShardPolicy.FILE, [2, 3]],
    [AutoShardPolicy.AUTO, [2, 3]],
    [AutoShardPolicy.DATA, []],
  ])('%s on files: worker 1 of 2 reads the rows %j', async (policy, rows) => {
    const dataset = withAutoShardPolicy(datasetFromFiles(FILES, readRows), policy);
    expect(await rowsOf(shareOfProcess(dataset, workerOf(2, 1))?.dataset)).toEqual(rows);
    expect(await rowsOf(dataset)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('AUTO without files, or with too few, makes the same batches everywhere', () => {
    expect(shareOfProcess(of([1]), workerOf(2, 0))).toBeUndefined();
    expect(shareOfProcess(datasetFromFiles(FILES, readRows), workerOf(4, 0))).toBeUndefined();
  });

  test('FILE with too few files, or without any, is an error', () => {
    const few = withAutoShardPolicy(datasetFromFiles(FILES, readRows), AutoShardPolicy.FILE);
    expect(() => shareOfProcess(few, workerOf(4, 0))).toThrow('There are fewer files (3) than workers (4)');
    const none = withAutoShardPolicy(of([1]), AutoShardPolicy.FILE);
    expect(() => shareOfProcess(none, workerOf(2, 0))).toThrow('needs a dataset that knows its files');
  });

  test('a policy and files hold for what is made of the dataset', async () => {
    const dataset = datasetFromFiles(FILES, readRows)
      .map((row) => (row as unknown as number) * 10)
      .batch(4);
    const share = shareOfProcess(dataset, workerOf(3, 2));
    expect(await rowsOf(share?.dataset)).toEqual([40, 50]);
    const off = withAutoShardPolicy(of([1, 2]), AutoShardPolicy.OFF)
      .concatenate(of([3]))
      .shuffle(3, '1')
      .batch(2);
    expect(shareOfProcess(off, workerOf(2, 0))).toBeDefined();
  });

  test('in one process, every policy reads all rows', async () => {
    const model = new MirroredStrategy({ devices: 2 }).scope(() => {
      const made = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
      made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      return made;
    });
    const read = (files: readonly string[]) => tf.data.array(files.map(() => ({ xs: [1], ys: [1] }))).batch(2);
    const dataset = withAutoShardPolicy(datasetFromFiles(FILES, read), AutoShardPolicy.FILE);
    const sizes: unknown[] = [];
    const onBatchEnd = (_: number, logs?: tf.Logs) => void sizes.push(logs?.['size']);
    await model.fitDataset(dataset, { epochs: 1, verbose: SILENT, callbacks: { onBatchEnd } });
    expect(sizes).toEqual([2, 1]);
  });

  test('wrong arguments are errors', () => {
    const refused: unknown = expect.objectContaining({ code: ErrorCode.InvalidArgument });
    expect(() => withAutoShardPolicy(of([1]), 'HINT' as never)).toThrow(refused);
    expect(() => withAutoShardPolicy([1] as never, AutoShardPolicy.OFF)).toThrow(refused);
    expect(() => datasetFromFiles([], readRows)).toThrow(refused);
    expect(() => datasetFromFiles(FILES, (() => 1) as never)).toThrow(refused);
  });
});

test('of N workers, worker i takes the files i, i + N and so on', () => {
  const files = ['a', 'b', 'c', 'd', 'e'];
  expect([0, 1, 2].map((worker) => shardFiles(files, workerOf(3, worker)))).toEqual([['a', 'd'], ['b', 'e'], ['c']]);
});

describe('batches of shares', () => {
  test('have the size of the global batch, and each process its own rows at their place', async () => {
    const [first, second] = await batchesOf([xs([1, 2, 3, 4], 4), xs([5, 6, 7, 8], 4)]);
    expect(first).toEqual([
      [1, 2, 0, 0],
      [3, 4, 0, 0],
    ]);
    expect(second).toEqual([
      [0, 0, 5, 6],
      [0, 0, 7, 8],
    ]);
  });

  test.each([1, 2])('shares that end at different times end together (%i replicas each)', async (replicas) => {
    const [first, second, third] = await batchesOf(
      [xs([1, 2, 3, 4, 5, 6, 7], 6), xs([8, 9, 10], 6), xs([], 6)],
      replicas,
    );
    const whole = first?.map((batch, step) =>
      batch.map((row, index) => Math.max(row, second?.[step]?.[index] ?? NaN, third?.[step]?.[index] ?? NaN)),
    );
    expect(whole?.flat().toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect([first?.length, second?.length, third?.length]).toEqual([4, 4, 4]);
  });

  test('exchange their rows when they are not at the places of their processes', async () => {
    const batches = await batchesOf([xs([1, 2, 3, 4, 5, 6], 6), xs([8, 9], 6), xs([], 6)]);
    // Each process has a place for 1 or 2 of the 4 rows.
    expect(batches.map(([first]) => first)).toEqual(Array(3).fill([1, 2, 8, 9]));
  });

  test('use rows of a batch that is larger or smaller than the share', async () => {
    const [first] = await batchesOf([xs([1, 2, 3, 4, 5], 2), xs([6, 7, 8, 9, 10], 8)]);
    // The global batch is the largest that a process has: 5 rows, so 3 and 2 of them.
    expect(first).toEqual([[1, 2, 3, 0, 0], [4, 5, 0, 0], [10]]);
  });

  test('no rows anywhere give no batches, and nothing leaks', async () => {
    const before = tf.memory().numTensors;
    expect(await batchesOf([xs([], 2), xs([], 2)])).toEqual([[], []]);
    await batchesOf([xs([1, 2, 3, 4, 5], 4), xs([6], 4)]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('lists of files that differ are an error that says how', async () => {
    const files = [
      ['/one/a', '/one/b'],
      ['/two/b', '/two/a'],
    ];
    await expect(batchesOf([xs([1], 2), xs([2], 2)], 1, files)).rejects.toMatchObject({
      code: ErrorCode.WorkersDiffer,
      message: expect.stringContaining('worker 0 has 2 files: a, b; worker 1 has 2 files: b, a') as unknown,
    });
    const same = [
      ['/one/a', '/one/b'],
      ['/two/a', '/two/b'],
    ];
    await expect(batchesOf([xs([1], 2), xs([2], 2)], 1, same)).resolves.toBeDefined();
  });
});
