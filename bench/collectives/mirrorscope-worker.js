/**
 * Sums tensors over the processes of the cluster that TF_CONFIG names, one request per line on standard input. Starts
 * TensorFlow.
 */
import { createInterface } from 'node:readline';

import * as tf from '@tensorflow/tfjs';

import { getReplicaContext, MultiWorkerMirroredStrategy, ReduceOp, tfFunction } from '../../dist/runtime/index.js';

/** @import { Tensor } from '@tensorflow/tfjs' */
/** @import { CollectiveAnswer, CollectiveRequest } from './collectives.js' */

const strategy = new MultiWorkerMirroredStrategy({ devices: 1, engine: 'tensorflow', allowUnauthenticatedPeers: true });
const sumOverReplicas = tfFunction((/** @type {Tensor} */ value) => {
  const context = getReplicaContext();
  if (context === undefined) throw new Error('This runs in a replica only.');
  return context.allReduce(ReduceOp.SUM, value);
});

/**
 * Sums a tensor several times.
 * @param {CollectiveRequest} request - What to sum.
 * @returns {Promise<CollectiveAnswer>} What it took, and the sum of ones.
 */
async function measure({ bytes, calls }) {
  const value = tf.ones([Math.max(1, Math.round(bytes / 4))]);
  const times = [];
  let sum = NaN;
  for (let call = -1; call < calls; call++) {
    const started = performance.now();
    const [result] = /** @type {Tensor[]} */ (strategy.localResults(strategy.run(sumOverReplicas, [value])));
    const first = tf.tidy(() => /** @type {Tensor} */ (result).slice(0, 1));
    [sum = NaN] = await first.data();
    if (call >= 0) times.push(performance.now() - started);
    tf.dispose([result, first]);
  }
  value.dispose();
  return { milliseconds: times.toSorted((a, b) => a - b)[times.length >> 1] ?? NaN, sum };
}

for await (const line of createInterface({ input: process.stdin })) {
  /** @type {unknown} */
  const request = JSON.parse(line);
  console.log(JSON.stringify(await measure(/** @type {CollectiveRequest} */ (request))));
}
process.exit(0);
