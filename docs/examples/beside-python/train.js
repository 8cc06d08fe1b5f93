/**
 * A worker in Node that trains one model together with workers in Python, which run train.py. Reads TF_CONFIG. Prints
 * the final weights.
 */
import * as tf from '@tensorflow/tfjs';
import { getReplicaContext, MultiWorkerMirroredStrategy, ReduceOp, tfFunction } from 'mirrorscope';

const ROWS = 24;
const FEATURES = 4;
const UNITS = 8;
const WEIGHTS = FEATURES * UNITS + UNITS;
const STEPS = 10;
const LEARNING_RATE = 0.1;

const strategy = new MultiWorkerMirroredStrategy({
  engine: 'tensorflow',
  devices: 1,
  pythonPeers: true,
  // Fence the ports in first.
  allowUnauthenticatedPeers: true,
});
const workers = strategy.numReplicasInSync;
const { task, cluster } = JSON.parse(process.env.TF_CONFIG);
const worker = task.type === 'chief' ? 0 : task.index + (cluster.chief?.length ?? 0);

/** The loss of some rows, as their share of the mean over all rows. All weights are in one vector. */
function loss(weights, x, y) {
  const hidden = tf.tanh(tf.matMul(x, weights.slice(0, FEATURES * UNITS).reshape([FEATURES, UNITS])));
  const output = tf.matMul(hidden, weights.slice(FEATURES * UNITS).reshape([UNITS, 1]));
  return tf.div(tf.sum(tf.square(tf.sub(output, y))), ROWS);
}

// Each call of these functions makes one collective. train.py makes the same ones, in the same order.
const sumOfAll = tfFunction((value) => getReplicaContext().allReduce(ReduceOp.SUM, value));
const gradientOfAll = tfFunction((weights, x, y) => {
  const gradient = tf.grad((at) => loss(at, x, y))(weights);
  return getReplicaContext().allReduce(ReduceOp.SUM, gradient);
});
const run = (fn, ...args) => strategy.localResults(strategy.run(fn, args))[0];

// Every worker has its own rows.
const rows = Array.from({ length: ROWS }, (_, row) => row).filter((row) => row % workers === worker);
const x = tf.tensor2d(
  rows.map((row) => Array.from({ length: FEATURES }, (_, feature) => Math.sin(row * FEATURES + feature))),
);
const y = tf.sum(x, 1, true);

// The chief's initial weights, in all workers: the others add zeros.
const initial = Array.from({ length: WEIGHTS }, (_, index) => (worker === 0 ? Math.cos(index) / 2 : 0));
let weights = run(sumOfAll, tf.tensor1d(initial));
for (let step = 0; step < STEPS; step++)
  weights = tf.sub(weights, tf.mul(run(gradientOfAll, weights, x, y), LEARNING_RATE));

console.log(JSON.stringify(Array.from(await weights.data())));
