/** Lowerings of ops that move elements: shapes, slices, joins, paddings. Pure. */
import type { HloValue } from './hlo-types.js';
import type { LoweredCall, Lowering, Lowerings } from './lowering.js';

import { positiveAxis } from './hlo-types.js';
import { NoLoweringError } from './no-lowering-error.js';

const toOutputShape: Lowering = (call) => call.builder.reshape(call.input(0), call.output().shape);

const constantLike =
  (value: number): Lowering =>
  (call) =>
    call.builder.constant(value, call.output());

const concatenate: Lowering = (call) => {
  const values = call.inputList(0).filter((value) => value.shape.every((size) => size > 0));
  const [axis = 0] = call.numbers(1);
  if (values.length === 0) return call.builder.constant(0, call.output());
  return call.builder.concatenate(values, positiveAxis(axis, call.output().shape.length));
};

const pack: Lowering = (call) => {
  const axis = positiveAxis(call.number('axis') ?? 0, call.output().shape.length);
  const parts = call
    .inputList(0)
    .map((value) => call.builder.reshape(value, [...value.shape.slice(0, axis), 1, ...value.shape.slice(axis)]));
  return call.builder.concatenate(parts, axis);
};

/** Cuts a value into parts along an axis. */
function parts(call: LoweredCall, x: HloValue, axis: number, sizes: readonly number[]): HloValue[] {
  let start = 0;
  return sizes.map((size) => {
    const from = x.shape.map((_, index) => (index === axis ? start : 0));
    const to = x.shape.map((length, index) => (index === axis ? start + size : length));
    start += size;
    return call.builder.slice(x, from, to);
  });
}

const unpack: Lowering = (call) => {
  const x = call.input(0);
  const axis = positiveAxis(call.number('axis') ?? 0, x.shape.length);
  const ones = Array.from({ length: x.shape[axis] ?? 0 }, () => 1);
  return parts(call, x, axis, ones).map((part, index) => call.builder.reshape(part, call.output(index).shape));
};

const split: Lowering = (call) => {
  const x = call.input(0);
  const [axis = 0] = call.numbers(2);
  const place = positiveAxis(axis, x.shape.length);
  const sizes = call.operation.outputs.map(({ shape }) => shape[place] ?? 0);
  return parts(call, x, place, sizes);
};

const slice: Lowering = (call) => {
  const start = call.numbers(1);
  const { shape } = call.output();
  return call.builder.slice(
    call.input(0),
    start,
    start.map((from, axis) => from + (shape[axis] ?? 0)),
  );
};

/** Masks other than those for the start and the end of an axis change the rank. */
const STRIDED_MASKS = ['ellipsis_mask', 'new_axis_mask', 'shrink_axis_mask'];

const stridedSlice: Lowering = (call) => {
  const { builder } = call;
  const x = call.input(0);
  if (STRIDED_MASKS.some((name) => (call.number(name) ?? 0) !== 0))
    throw new NoLoweringError('StridedSlice with masks');
  const [begin, end, strides] = [call.numbers(1), call.numbers(2), call.numbers(3)];
  const [beginMask, endMask] = [call.number('begin_mask') ?? 0, call.number('end_mask') ?? 0];
  const ranges = x.shape.map((size, axis) =>
    stridedRange(size, {
      begin: ((beginMask >> axis) & 1) === 1 ? undefined : begin[axis],
      end: ((endMask >> axis) & 1) === 1 ? undefined : end[axis],
      stride: strides[axis] ?? 1,
    }),
  );
  const forward = builder.slice(
    x,
    ranges.map(({ start }) => start),
    ranges.map(({ limit }) => limit),
    ranges.map(({ stride }) => stride),
  );
  const reversed = ranges.flatMap(({ isReversed }, axis) => (isReversed ? [axis] : []));
  if (reversed.length === 0) return builder.reshape(forward, call.output().shape);
  return builder.reshape(builder.reverse(forward, reversed), call.output().shape);
};

interface AxisSlice {
  readonly begin: number | undefined;
  readonly end: number | undefined;
  readonly stride: number;
}

/** A range with a positive stride, whose elements are then reversed if the stride was negative. */
function stridedRange(size: number, { begin, end, stride }: AxisSlice) {
  const place = (index: number): number => (index < 0 ? index + size : index);
  const clamp = (index: number, low: number, high: number): number => Math.min(Math.max(index, low), high);
  if (stride > 0) {
    const start = begin === undefined ? 0 : clamp(place(begin), 0, size);
    const limit = end === undefined ? size : clamp(place(end), 0, size);
    return { start, limit: Math.max(start, limit), stride, isReversed: false };
  }
  const first = begin === undefined ? size - 1 : clamp(place(begin), -1, size - 1);
  const stop = end === undefined ? -1 : clamp(place(end), -1, size - 1);
  const count = Math.max(0, Math.ceil((first - stop) / -stride));
  const last = first + (count - 1) * stride;
  return count === 0
    ? { start: 0, limit: 0, stride: 1, isReversed: false }
    : { start: last, limit: first + 1, stride: -stride, isReversed: true };
}

const tile: Lowering = (call) => {
  const { builder } = call;
  const x = call.input(0);
  const factors = call.numbers(1);
  // Every axis becomes two: how often, and what.
  const paired = factors.flatMap((factor, axis) => [factor, x.shape[axis] ?? 1]);
  const repeated = builder.broadcastInDim(
    x,
    paired,
    x.shape.map((_, axis) => 2 * axis + 1),
  );
  return builder.reshape(repeated, call.output().shape);
};

const pad: Lowering = (call) => {
  const x = call.input(0);
  const amounts = call.numbers(1);
  const filler = call.operation.inputs.length > 2 ? call.input(2) : call.builder.scalar(0, x.dtype);
  return call.builder.pad(x, call.builder.reshape(filler, []), {
    low: x.shape.map((_, axis) => amounts[2 * axis] ?? 0),
    high: x.shape.map((_, axis) => amounts[2 * axis + 1] ?? 0),
  });
};

const fill: Lowering = (call) => call.builder.broadcastInDim(call.input(1), call.output().shape, []);

const range: Lowering = (call) => {
  const { builder } = call;
  const type = call.output();
  const places = builder.iota(type, 0);
  const [start = 0, , step = 1] = [call.numbers(0)[0], undefined, call.numbers(2)[0]];
  return builder.binary(
    'add',
    builder.binary('multiply', places, builder.constant(step, type)),
    builder.constant(start, type),
  );
};

const reverse: Lowering = (call) => {
  const x = call.input(0);
  const axes = call.numbers(1).map((axis) => positiveAxis(axis, x.shape.length));
  return axes.length === 0 ? x : call.builder.reverse(x, axes);
};

export const ARRAY_LOWERINGS: Lowerings = {
  BroadcastTo: (call) => call.builder.broadcastTo(call.input(0), call.output().shape),
  ConcatV2: concatenate,
  ExpandDims: toOutputShape,
  Fill: fill,
  OnesLike: constantLike(1),
  Pack: pack,
  Pad: pad,
  PadV2: pad,
  Range: range,
  Reshape: toOutputShape,
  ReverseV2: reverse,
  Slice: slice,
  SplitV: split,
  Squeeze: toOutputShape,
  StridedSlice: stridedSlice,
  Tile: tile,
  Transpose: (call) => call.builder.transpose(call.input(0), call.numbers(1)),
  Unpack: unpack,
  ZerosLike: constantLike(0),
};
