/**
 * Trains on a dataset that the processes share by files, or that each makes for itself. With `ALONE`, all replicas are
 * in this process, and the program puts the global batches together: the results must be the same.
 */
import { readFileSync } from 'node:fs';

import * as tf from '@tensorflow/tfjs';

import {
  AutoShardPolicy,
  datasetFromFiles,
  MirroredStrategy,
  ReduceOp,
  type Strategy,
  withAutoShardPolicy,
} from '../../../../src/runtime/index.js';
import { SILENT } from '../../support/silent.js';
import { makeStrategy, writeResult } from '../support/worker-process.js';

type Rows = number[][];
type Batches = tf.data.Dataset<{ xs: tf.Tensor; ys: tf.Tensor }>;

const { ALONE, FILES = '[]', TF_CONFIG = '{}' } = process.env;
const workers = Number(process.env['WORKERS']);
const own = (JSON.parse(TF_CONFIG) as { task: { index: number } }).task.index;
const GLOBAL_BATCH = 4 * workers;
const strategy: Strategy =
  ALONE === undefined ? makeStrategy({ seed: 7 }) : new MirroredStrategy({ devices: Number(ALONE), seed: 7 });
const files = JSON.parse(FILES) as string[];
const results: Record<string, unknown> = {};

const pairs = (rows: Rows) => rows.map((xs) => ({ xs, ys: [xs.reduce((sum, x) => sum + x, 0)] }));
const batches = (rows: Rows): Batches => tf.data.array(pairs(rows)).batch(GLOBAL_BATCH) as never;
const rowsIn = (some: readonly string[]): Rows =>
  some.flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as Rows);

/** The same steps in one process: each takes the next rows of every share. */
function together(shares: readonly Rows[]): Batches {
  const share = GLOBAL_BATCH / workers;
  const steps = Math.ceil(Math.max(...shares.map(({ length }) => length)) / share);
  const elements = Array.from({ length: steps }, (_, step) =>
    shares.flatMap((rows) => rows.slice(step * share, (step + 1) * share)),
  );
  return tf.data.array(elements.map((_, step) => step)).map((step) => asBatch(elements[step] ?? []));
}

function asBatch(rows: Rows): { xs: tf.Tensor; ys: tf.Tensor } {
  return { xs: tf.tensor2d(rows), ys: tf.tensor2d(pairs(rows).map(({ ys }) => ys)) };
}

async function train(dataset: Batches, batchesPerEpoch?: number): Promise<unknown> {
  const model = strategy.scope(() => {
    const made = tf.sequential({
      layers: [
        tf.layers.dense({ units: 4, inputShape: [3], kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }) }),
        tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }) }),
      ],
    });
    made.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    return made;
  });
  const args = { epochs: 2, verbose: SILENT, ...(batchesPerEpoch === undefined ? {} : { batchesPerEpoch }) };
  const { history } = await model.fitDataset(dataset, {
    ...args,
    ...(batchesPerEpoch === undefined ? { validationData: dataset } : {}),
  });
  return { history, weights: model.getWeights().map((weight) => [...weight.dataSync()]) };
}

const everyNth = Array.from({ length: workers }, (_, worker) =>
  rowsIn(files.filter((_, index) => index % workers === worker)),
);
/** The first worker has no rows, the others have more and more. */
const made = everyNth.map((_, worker) => rowsIn(files).slice(worker, 10 * worker));
const long = everyNth.map((rows) => [...rows, ...rows, ...rows, ...rows].slice(0, 16));

if (ALONE === undefined) {
  const shared: Batches = datasetFromFiles(files, (some) => tf.data.array(pairs(rowsIn(some)))).batch(
    GLOBAL_BATCH,
  ) as never;
  const off = (rows: Rows): Batches => withAutoShardPolicy(batches(rows) as never, AutoShardPolicy.OFF) as never;
  results['files'] = await train(shared);
  results['own rows'] = await train(off(made[own] ?? []));
  results['a part of the rows'] = await train(off(long[own] ?? []), 2);
  results['same batches'] = await train(withAutoShardPolicy(shared as never, AutoShardPolicy.DATA) as never);
  results['loop'] = await loop(shared);
  const few = datasetFromFiles(files.slice(0, 1), (some) => batches(rowsIn(some)));
  results['too few files'] = await train(withAutoShardPolicy(few, AutoShardPolicy.FILE)).catch(
    (error: unknown) => (error as Error).message,
  );
} else {
  results['files'] = await train(together(everyNth));
  results['own rows'] = await train(together(made));
  results['a part of the rows'] = await train(together(long), 2);
  results['same batches'] = await train(batches(rowsIn(files)));
  results['loop'] = await loop(together(everyNth));
  results['too few files'] = `There are fewer files (1) than workers (${String(workers)}), so some would have no data.`;
}

/** Adds up the rows of each step in a custom loop. */
async function loop(dataset: Batches): Promise<number[]> {
  const sums: number[] = [];
  for await (const batch of strategy.distributeDataset(dataset)) {
    const { xs } = batch as { xs: tf.Tensor };
    const ofReplica = strategy.run((rows: tf.Tensor) => tf.sum(rows), [xs]);
    sums.push(...strategy.reduce<tf.Tensor>(ReduceOp.SUM, ofReplica as tf.Tensor).dataSync());
  }
  return sums;
}
writeResult(results);
