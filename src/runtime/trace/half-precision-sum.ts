/**
 * Writes the sum of 32-bit floats over replicas, which travel as 16-bit floats, into a recording. Every replica gets
 * the same result. Touches the recorder. Source of the ops: tensorflow/core/ops/collective_ops.cc
 * (CollectiveAllToAllV2, CollectiveGatherV2).
 */
import type { Handle, OpExecutor } from '../tensorflow/op-executor.js';
import type { RecordingExecutor } from './recording-executor.js';

import { attributes, int, NO_ATTRIBUTES, type } from '../tensorflow/attributes.js';
import { DataTypeCode } from '../tensorflow/data-types-table.js';

/** A type in which values travel. */
export type HalfPrecision = DataTypeCode.Half | DataTypeCode.BFloat16;

/** TensorFlow sends what one process has for another one in one message, and large messages are slow. */
const ELEMENTS_PER_PIECE = 2 << 20;

/** Exchanges values of 16 bits. Each call is one collective. */
export interface HalfPrecisionCollectives {
  readonly recorder: RecordingExecutor;
  /** Runs ops without recording them. */
  readonly unrecorded: OpExecutor;
  readonly size: number;
  /** Whether `exchangeParts` exists on the replicas' devices. */
  readonly exchangesParts: boolean;
  /** Adds up a value over the replicas, in its own type. */
  reduce(value: Handle): Handle;
  /** Sends part i of a value to replica i. @returns The parts that this replica gets. */
  exchangeParts(value: Handle): Handle;
  /** Joins the values of all replicas. `like` has the shape of the result. */
  gather(value: Handle, like: Handle): Handle;
}

/**
 * Adds up a value over the replicas. With two replicas, one addition in 16 bits gives the sum, rounded once. With more,
 * each addition would round: instead, each replica adds up one part of the value in 32 bits and sends the sum to all,
 * where the devices can exchange parts.
 *
 * @param handle - This replica's value: a vector of `float32`.
 * @param dtype - The type in which it travels.
 * @param collectives - Exchange the values.
 * @returns The sum, `float32`. The caller disposes of it.
 */
export function sumInHalfPrecision(
  handle: Handle,
  dtype: HalfPrecision,
  collectives: HalfPrecisionCollectives,
): Handle {
  const { recorder, size, exchangesParts } = collectives;
  if (size === 2 || !exchangesParts)
    return withDisposal((keep) =>
      cast(recorder, keep(collectives.reduce(keep(cast(recorder, handle, dtype)))), DataTypeCode.Float),
    );
  const elements = handle.shape[0] ?? 0;
  const pieces = Math.max(1, Math.ceil(elements / ELEMENTS_PER_PIECE));
  if (pieces === 1) return sumOfParts(handle, dtype, collectives);
  return withDisposal((keep) => {
    const most = Math.ceil(elements / pieces);
    const sizes = Array.from({ length: pieces }, (_, piece) => Math.min(most, elements - piece * most));
    const axis = recorder.constant([0], [], DataTypeCode.Int32);
    const lengths = recorder.constant(sizes, [pieces], DataTypeCode.Int32);
    const parts = recorder.execute('SplitV', attributes(int('num_split', pieces)), [handle, lengths, axis], pieces);
    const sums = parts.map((part) => keep(sumOfParts(keep(part), dtype, collectives)));
    return recorder.execute1('ConcatV2', NO_ATTRIBUTES, [sums, axis]);
  });
}

function sumOfParts(handle: Handle, dtype: HalfPrecision, collectives: HalfPrecisionCollectives): Handle {
  const { recorder, unrecorded, size } = collectives;
  const elements = handle.shape[0] ?? 0;
  const partSize = Math.ceil(elements / size);
  const numbers = (values: readonly number[], shape: readonly number[]): Handle =>
    recorder.constant(values, shape, DataTypeCode.Int32);
  return withDisposal((keep) => {
    const toWire = (value: Handle): Handle =>
      bits(recorder, keep(cast(recorder, value, dtype)), DataTypeCode.Half, keep);
    const fromWire = (value: Handle): Handle =>
      keep(cast(recorder, bits(recorder, value, dtype, keep), DataTypeCode.Float));
    const missing = partSize * size - elements;
    const padded = keep(recorder.execute1('Pad', NO_ATTRIBUTES, [handle, numbers([0, missing], [1, 2])]));
    const parts = keep(recorder.execute1('Reshape', NO_ATTRIBUTES, [padded, numbers([size, partSize], [2])]));
    const received = fromWire(keep(collectives.exchangeParts(toWire(parts))));
    const sum = keep(recorder.execute1('Sum', NO_ATTRIBUTES, [received, numbers([0], [])]));
    const own = toWire(sum);
    const axis = unrecorded.constant([0], [], DataTypeCode.Int32);
    const like = unrecorded.execute1('ConcatV2', NO_ATTRIBUTES, [Array.from({ length: size }, () => own), axis]);
    const all = fromWire(keep(collectives.gather(own, like)));
    like.dispose();
    return recorder.execute1('Slice', NO_ATTRIBUTES, [all, numbers([0], [1]), numbers([elements], [1])]);
  });
}

function cast(recorder: RecordingExecutor, value: Handle, to: DataTypeCode): Handle {
  return recorder.execute1('Cast', attributes(type('DstT', to)), [value]);
}

/** TensorFlow exchanges no parts of type `bfloat16`, so its bits travel as `float16`. */
function bits(recorder: RecordingExecutor, value: Handle, to: HalfPrecision, keep: (handle: Handle) => Handle): Handle {
  return value.dtype === to ? value : keep(recorder.execute1('Bitcast', attributes(type('type', to)), [value]));
}

/** Disposes of the handles that `body` keeps, when it has ended. */
function withDisposal(body: (keep: (handle: Handle) => Handle) => Handle): Handle {
  const kept: Handle[] = [];
  const result = body((handle) => {
    kept.push(handle);
    return handle;
  });
  for (const handle of kept) handle.dispose();
  return result;
}
