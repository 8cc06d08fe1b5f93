/** A worker beside one that runs beside-python.py: exchanges values, and tries what cannot work beside Python. */
import * as tf from '@tensorflow/tfjs';

import { getReplicaContext, MirrorscopeError, ReduceOp, tfFunction, variable } from '../../../../src/runtime/index.js';
import { makeStrategy, writeResult } from '../support/worker-process.js';

/** More than TensorFlow sends in one part. */
const SIZE = 3_000_000;

const strategy = makeStrategy({ pythonPeers: true });
const values = tf.tidy(() => tf.mul(tf.range(0, SIZE), 1e-3));
const twice = tfFunction((own: tf.Tensor) => {
  const replica = getReplicaContext();
  if (replica === undefined) throw new Error('not in a replica');
  const sum = replica.allReduce(ReduceOp.SUM, own);
  return [sum, replica.allReduce(ReduceOp.MEAN, tf.slice(own, [0], [5]))];
});
const results: number[][] = [];
// More calls than the generations of keys that processes of this library share.
for (let call = 0; call < 10; call++) {
  const [first] = strategy.localResults<unknown>(strategy.run(twice, [values]));
  const [sum, mean] = first as [tf.Tensor, tf.Tensor];
  const ends = tf.tidy(() => tf.concat([tf.slice(sum, [0], [2]), tf.slice(sum, [SIZE - 2], [2])]));
  results.push([...(ends.dataSync() as Float32Array), ...(mean.dataSync() as Float32Array)]);
}

const made = strategy.scope(() => variable(1));
let code = '';
try {
  strategy.run(
    tfFunction(() => made.add(1)),
    [],
  );
} catch (error) {
  code = error instanceof MirrorscopeError ? error.code : String(error);
}
writeResult({ results, code });
