/**
 * While a step is recorded, TensorFlow.js's random operations draw on the device instead of on the host, from a counter that the
 * step is given anew each time: every step and replica gets other numbers, and the same seed the same ones again.
 * Touches: the exports of tfjs-core, for the time of the recording.
 * Source of the generator: tensorflow/core/ops/stateless_random_ops_v2.cc (Philox, key and counter).
 */
import type { MirrorscopeBackend } from '../backend/mirrorscope-backend.js';
import type { Handle } from '../tensorflow/op-executor.js';
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { RecordingExecutor } from './recording-executor.js';
import type { DataType, Rank, ShapeMap, Tensor } from '@tensorflow/tfjs';

import { attributes, type } from '../tensorflow/attributes.js';
import { DataTypeCode } from '../tensorflow/data-types-table.js';
import { overrideProperty } from '../tfjs/override-property.js';

/** The members of tfjs-core that draw random numbers on the host. */
export type RandomFunctions = Pick<TensorFlowJs, 'dropout' | 'randomUniform' | 'randomNormal' | 'truncatedNormal'>;

/** `RNG_ALG_PHILOX`. */
const PHILOX = 1;
/** Keys of different random operations differ by this (the golden ratio in 64 bits). */
const KEY_STRIDE = 0x9e3779b97f4a7c15n;
/** Keys of different branches differ by this (a prime of the xxHash family). */
const BRANCH_STRIDE = 0xc2b2ae3d27d4eb4fn;

/** The counter of one replica in one step: what the step's function is given. */
export function randomCounter(step: number, replicaId: number, replicas: number): BigUint64Array {
  return BigUint64Array.of(0n, BigInt(step) * BigInt(replicas) + BigInt(replicaId));
}

/** What a recording draws random numbers with. */
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

/** Replaces the random operations; call what is returned to put them back. */
export function drawOnDevice({ tf, backend, core, seed, counter, recorder }: DeviceRandomOptions): () => void {
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

  const randomUniform = (
    shape: number[],
    minimum = 0,
    maximum = 1,
    dtype: DataType = 'float32',
    ownSeed?: number | string,
  ): Tensor => {
    const unit = draw('StatelessRandomUniformV2', shape, ownSeed);
    return cast(minimum === 0 && maximum === 1 ? unit : tf.add(tf.mul(unit, maximum - minimum), minimum), dtype);
  };
  const normal =
    (op: string) =>
    (shape: number[], mean = 0, deviation = 1, dtype: DataType = 'float32', ownSeed?: number): Tensor =>
      cast(tf.add(tf.mul(draw(op, shape, ownSeed), deviation), mean), dtype);
  const dropout = (x: Tensor, rate: number, noiseShape?: number[], ownSeed?: number | string): Tensor => {
    if (rate === 0) return tf.clone(x);
    const shape = x.shape.map((size, axis) => (noiseShape?.length === x.rank ? (noiseShape[axis] ?? size) : size));
    const keep = 1 - rate;
    const mask = tf.floor(
      tf.add(
        randomUniform(noiseShape === undefined || noiseShape === null ? x.shape : shape, 0, 1, 'float32', ownSeed),
        keep,
      ),
    );
    return tf.mul(x, tf.div(mask, keep));
  };

  const undo = [
    overrideProperty(core, 'dropout', dropout as typeof core.dropout),
    overrideProperty(core, 'randomUniform', randomUniform as <R extends Rank>(shape: ShapeMap[R]) => Tensor<R>),
    overrideProperty(core, 'randomNormal', normal('StatelessRandomNormalV2') as unknown as typeof core.randomNormal),
    overrideProperty(
      core,
      'truncatedNormal',
      normal('StatelessTruncatedNormalV2') as unknown as typeof core.truncatedNormal,
    ),
  ];
  return () => {
    undo.forEach((restore) => {
      restore();
    });
  };
}
