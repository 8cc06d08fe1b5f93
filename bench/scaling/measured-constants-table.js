/**
 * What the scaling model is computed from. The constants of TensorFlow's gRPC ring were measured on one machine with
 * two cores (Intel, Sapphire Rapids), TensorFlow 2.21, over the loopback interface; `npm run bench -- scaling --check`
 * measures them again. Those of the networks are what their names say, and those of NCCL are assumptions: no GPU
 * cluster was at hand. Data only.
 */

/** @import { Link, TrainedModel } from './scaling-model.js' */

/** One exchange with the next worker of TensorFlow's ring: half of the sum of 1 KB over two workers. */
export const GRPC_HOP_SECONDS = 0.88e-3;

/**
 * What TensorFlow's gRPC moves on two cores, of all workers on them together: in sums of 0.4, 1, 4 and 16 MB over two
 * workers, and of 4 MB over three.
 */
export const GRPC_BYTES_PER_SECOND = 781e6;

/** The sum of a tensor over workers on one machine, in seconds. Measured one after the other on a quiet machine. */
export const MEASURED_SUMS = [
  { workers: 2, bytes: 1e3, seconds: 1.76e-3 },
  { workers: 2, bytes: 4e5, seconds: 2.87e-3 },
  { workers: 2, bytes: 1e6, seconds: 4.21e-3 },
  { workers: 2, bytes: 4e6, seconds: 12.04e-3 },
  { workers: 2, bytes: 16e6, seconds: 36.2e-3 },
  { workers: 3, bytes: 1e3, seconds: 3.51e-3 },
  { workers: 3, bytes: 4e5, seconds: 5.95e-3 },
  { workers: 3, bytes: 4e6, seconds: 24.0e-3 },
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
