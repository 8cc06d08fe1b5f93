/**
 * What the scaling model is computed from. The constants of TensorFlow's gRPC ring were measured on one machine with
 * two cores (Intel, Sapphire Rapids), TensorFlow 2.21, over the loopback interface; `npm run bench -- scaling --check`
 * measures them again. Those of the networks are what their names say, and those of NCCL are assumptions: no GPU
 * cluster was at hand. Data only.
 */

/** @import { Link, TrainedModel } from './scaling-model.js' */

/** One exchange with the next worker of TensorFlow's ring: half of the sum of 1 KB over two workers. */
export const GRPC_HOP_SECONDS = 1.24e-3;

/**
 * What TensorFlow's gRPC moves on two cores, of all workers on them together: from the sums of 1 KB and of 16 MB over
 * two workers.
 */
export const GRPC_BYTES_PER_SECOND = 1137e6;

/**
 * The sum of a tensor over workers on one machine, in seconds: the medians of 9 rounds of `npm run bench -- scaling
 * --check`, on a quiet machine.
 */
export const MEASURED_SUMS = [
  { workers: 2, bytes: 1e3, seconds: 2.48e-3 },
  { workers: 3, bytes: 1e3, seconds: 4.89e-3 },
  { workers: 4, bytes: 1e3, seconds: 8.16e-3 },
  { workers: 2, bytes: 4e5, seconds: 3.11e-3 },
  { workers: 3, bytes: 4e5, seconds: 6.41e-3 },
  { workers: 4, bytes: 4e5, seconds: 9.97e-3 },
  { workers: 2, bytes: 1e6, seconds: 4.21e-3 },
  { workers: 3, bytes: 1e6, seconds: 8.44e-3 },
  { workers: 4, bytes: 1e6, seconds: 12.32e-3 },
  { workers: 2, bytes: 4e6, seconds: 10.4e-3 },
  { workers: 3, bytes: 4e6, seconds: 18.78e-3 },
  { workers: 4, bytes: 4e6, seconds: 27.99e-3 },
  { workers: 2, bytes: 16e6, seconds: 30.63e-3 },
  { workers: 3, bytes: 16e6, seconds: 60.74e-3 },
  { workers: 4, bytes: 16e6, seconds: 79.9e-3 },
];

/** @type {Readonly<Record<string, Link>>} */
export const LINKS = {
  'gRPC, 10 Gbit/s': { hopSeconds: GRPC_HOP_SECONDS, bytesPerSecond: GRPC_BYTES_PER_SECOND / 2 },
  'NCCL, 100 Gbit/s (assumed)': { hopSeconds: 20e-6, bytesPerSecond: 10e9 },
};

/**
 * Models of several sizes, with the time that one device takes for its part of the batch. The times are examples, not
 * measurements.
 * @type {readonly TrainedModel[]}
 */
export const MODELS = [
  { name: 'residual network, 25 million weights', weights: 25e6, computeSeconds: 0.25 },
  { name: 'transformer, 110 million weights', weights: 110e6, computeSeconds: 0.5 },
  { name: 'transformer, 1.3 billion weights', weights: 1.3e9, computeSeconds: 2 },
];
