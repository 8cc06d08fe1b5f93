/**
 * Makes TensorFlow.js draw random numbers on the device while a step is recorded. Each call of the step passes another
 * counter: every step and replica draws other numbers, and the same seed draws the same numbers again. Touches the
 * exports of tfjs-core until the caller undoes it. Source of the generator:
 * tensorflow/core/ops/stateless_random_ops_v2.cc (Philox, key and counter).
 */
import type { MirrorscopeBackend } from '../backend/mirrorscope-backend.js';
import type { Handle } from '../tensorflow/op-executor.js';
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { RecordingExecutor } from './recording-executor.js';
import type { DataType, Tensor } from '@tensorflow/tfjs';

import { attributes, type } from '../tensorflow/attributes.js';
import { DataTypeCode } from '../tensorflow/data-types-table.js';
import { overrideRandomFunctions, type RandomFunctions, type RandomReplacements } from '../tfjs/random-functions.js';

/** `RNG_ALG_PHILOX`. */
const PHILOX = 1;
/** Keys of different random operations differ by this (the golden ratio in 64 bits). */
const KEY_STRIDE = 0x9e3779b97f4a7c15n;
/** Keys of different branches differ by this (a prime of the xxHash family). */
const BRANCH_STRIDE = 0xc2b2ae3d27d4eb4fn;

/**
 * Computes the counter that one replica passes to the function of a step.
 *
 * @param step - The number of the step, from 0.
 * @param replicaId - The number of the replica, from 0.
 * @param replicas - How many replicas take part.
 * @returns The value of a `uint64[2]` parameter.
 */
export function randomCounter(step: number, replicaId: number, replicas: number): BigUint64Array {
  return BigUint64Array.of(0n, BigInt(step) * BigInt(replicas) + BigInt(replicaId));
}

/** The options of {@link drawOnDevice}. */
export interface DeviceRandomOptions {
  readonly tf: TensorFlowJs;
  readonly backend: MirrorscopeBackend;
  /** The exports of tfjs-core. */
  readonly core: RandomFunctions;
  /** For operations without a seed of their own. */
  readonly seed: number;
  /** A `uint64[2]` parameter of the function. */
  readonly counter: Handle;
  readonly recorder: Pick<RecordingExecutor, 'draws'>;
}

/**
 * Replaces TensorFlow.js's random functions.
 *
 * @param options - What to draw with.
 * @returns A function that puts the old ones back.
 */
export function drawOnDevice(options: DeviceRandomOptions): () => void {
  return overrideRandomFunctions(options.core, deviceRandomFunctions(options));
}

function deviceRandomFunctions({ tf, backend, seed, counter, recorder }: DeviceRandomOptions): RandomReplacements {
  const draw = (op: string, shape: readonly number[], ownSeed: number | string | undefined): Tensor => {
    const { executor } = backend;
    const start = typeof ownSeed === 'number' ? BigInt(Math.trunc(ownSeed)) : BigInt(seed);
    const { draws } = recorder;
    const key = BigInt.asUintN(64, start * KEY_STRIDE + draws.branch * BRANCH_STRIDE + BigInt(++draws.count));
    const handle = executor.execute1(op, attributes(type('dtype', DataTypeCode.Float)), [
      executor.constant([...shape], [shape.length], DataTypeCode.Int32),
      executor.fromHost(BigUint64Array.of(key), [1], DataTypeCode.UInt64),
      counter,
      executor.constant([PHILOX], [], DataTypeCode.Int32),
    ]);
    return backend.tensorOf(handle);
  };
  const cast = (tensor: Tensor, dtype: DataType): Tensor =>
    dtype === 'float32' ? tensor : tf.cast(tf.floor(tensor), dtype);
  const drawNormal =
    (op: string): RandomReplacements['randomNormal'] =>
    (shape, mean = 0, deviation = 1, dtype = 'float32', ownSeed) =>
      cast(tf.add(tf.mul(draw(op, shape, ownSeed), deviation), mean), dtype);

  const randomUniform: RandomReplacements['randomUniform'] = (
    shape,
    minimum = 0,
    maximum = 1,
    dtype = 'float32',
    ownSeed,
  ) => {
    const unit = draw('StatelessRandomUniformV2', shape, ownSeed);
    return cast(minimum === 0 && maximum === 1 ? unit : tf.add(tf.mul(unit, maximum - minimum), minimum), dtype);
  };
  const dropout: RandomReplacements['dropout'] = (x, rate, noiseShape, ownSeed) => {
    if (rate === 0) return tf.clone(x);
    const shape = x.shape.map((size, axis) => (noiseShape?.length === x.rank ? (noiseShape[axis] ?? size) : size));
    const keep = 1 - rate;
    const mask = tf.floor(tf.add(randomUniform(shape, 0, 1, 'float32', ownSeed), keep));
    return tf.mul(x, tf.div(mask, keep));
  };
  return {
    dropout,
    randomUniform,
    randomNormal: drawNormal('StatelessRandomNormalV2'),
    truncatedNormal: drawNormal('StatelessTruncatedNormalV2'),
  };
}
