/** Lowerings of ops that read or write at computed places. Pure. */
import type { HloBuilder } from './hlo-builder.js';
import type { HloValue } from './hlo-types.js';
import type { LoweredCall, Lowering, Lowerings } from './lowering.js';

import { DataTypeCode } from '../../../tensorflow/data-types-table.js';

import { arrayText } from './hlo-builder.js';
import { positiveAxis, sizeOf } from './hlo-types.js';

const range = (start: number, end: number): number[] =>
  Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index);

interface Reading {
  readonly table: HloValue;
  readonly places: HloValue;
  readonly axis: number;
}

/** Reads elements along an axis. Places outside of the table read the nearest element. */
function read(builder: HloBuilder, { table, places, axis }: Reading): HloValue {
  const rank = table.shape.length;
  const placesRank = places.shape.length;
  const offsets = [...range(0, axis), ...range(axis + placesRank, rank - 1 + placesRank)];
  const sizes = table.shape.map((size, index) => (index === axis ? 1 : size));
  const numbers = [
    `offset_dims = [${offsets.join(', ')}]`,
    `collapsed_slice_dims = [${String(axis)}]`,
    `start_index_map = [${String(axis)}]`,
    `index_vector_dim = ${String(placesRank)}`,
  ].join(', ');
  const attributes = `dimension_numbers = #stablehlo.gather<${numbers}>, slice_sizes = ${arrayText(sizes)}`;
  return builder.emit(`"stablehlo.gather"(${table.name}, ${places.name}) {${attributes}}`, [table, places], {
    dtype: table.dtype,
    shape: [...table.shape.slice(0, axis), ...places.shape, ...table.shape.slice(axis + 1)],
  });
}

/**
 * Reads elements at known places.
 *
 * @param builder - Writes the program.
 * @param table - What is read.
 * @param places - The places along the axis.
 * @param axis - The axis.
 * @returns As many elements along the axis as there are places.
 */
export function take(builder: HloBuilder, table: HloValue, places: readonly number[], axis: number): HloValue {
  const known = builder.constant(places, { dtype: DataTypeCode.Int32, shape: [places.length] });
  return read(builder, { table, places: known, axis });
}

const gather: Lowering = (call) => {
  const [table, places] = [call.input(0), call.input(1)];
  const [axis = 0] = call.operation.inputs.length > 2 ? call.numbers(2) : [0];
  return read(call.builder, { table, places, axis: positiveAxis(axis, table.shape.length) });
};

interface Scatter {
  readonly target: HloValue;
  readonly places: HloValue;
  readonly updates: HloValue;
  /** The last axis of the places has the coordinates of one place; without it, places are rows. */
  readonly coordinates: number | undefined;
  readonly reducer: 'add' | 'second';
}

/** Writes rows at places. Places outside of the target are dropped. */
function scatter(builder: HloBuilder, { target, places, updates, coordinates, reducer }: Scatter): HloValue {
  const count = coordinates ?? 1;
  const batchRank = places.shape.length - (coordinates === undefined ? 0 : 1);
  const numbers = [
    `update_window_dims = [${range(batchRank, updates.shape.length).join(', ')}]`,
    `inserted_window_dims = [${range(0, count).join(', ')}]`,
    `scatter_dims_to_operand_dims = [${range(0, count).join(', ')}]`,
    `index_vector_dim = ${String(batchRank)}`,
  ].join(', ');
  const region = builder.reducerRegion(reducer, target.dtype);
  const text = `"stablehlo.scatter"(${target.name}, ${places.name}, ${updates.name}) ${region} {scatter_dimension_numbers = #stablehlo.scatter<${numbers}>, indices_are_sorted = false, unique_indices = false}`;
  return builder.emit(text, [target, places, updates], target);
}

const segmentSum: Lowering = (call) => {
  const { builder } = call;
  const target = builder.constant(0, call.output());
  return scatter(builder, {
    target,
    places: call.input(1),
    updates: call.input(0),
    coordinates: undefined,
    reducer: 'add',
  });
};

const scatterNd: Lowering = (call) => {
  const places = call.input(0);
  return scatter(call.builder, {
    target: call.builder.constant(0, call.output()),
    places,
    updates: call.input(1),
    coordinates: places.shape.at(-1) ?? 1,
    reducer: 'add',
  });
};

const scatterUpdate: Lowering = (call) => {
  const places = call.input(1);
  return scatter(call.builder, {
    target: call.input(0),
    places,
    updates: call.input(2),
    coordinates: places.shape.at(-1) ?? 1,
    reducer: 'second',
  });
};

const gatherNd: Lowering = (call) => {
  const [table, places] = [call.input(0), call.input(1)];
  const batchRank = places.shape.length - 1;
  const count = places.shape.at(-1) ?? 0;
  const numbers = [
    `offset_dims = [${range(batchRank, batchRank + table.shape.length - count).join(', ')}]`,
    `collapsed_slice_dims = [${range(0, count).join(', ')}]`,
    `start_index_map = [${range(0, count).join(', ')}]`,
    `index_vector_dim = ${String(batchRank)}`,
  ].join(', ');
  const sizes = table.shape.map((size, axis) => (axis < count ? 1 : size));
  const attributes = `dimension_numbers = #stablehlo.gather<${numbers}>, slice_sizes = ${arrayText(sizes)}`;
  const text = `"stablehlo.gather"(${table.name}, ${places.name}) {${attributes}}`;
  return call.builder.emit(text, [table, places], call.output());
};

const oneHot: Lowering = (call) => {
  const { builder } = call;
  const places = call.input(0);
  const { dtype, shape } = call.output();
  const axis = positiveAxis(call.number('axis') ?? -1, shape.length);
  const classes = builder.iota({ dtype: places.dtype, shape }, axis);
  const axes = range(0, shape.length).filter((each) => each !== axis);
  const isHot = builder.compare('EQ', builder.broadcastInDim(places, shape, axes), classes);
  const value = (index: number): HloValue =>
    builder.broadcastInDim(builder.convert(call.input(index), dtype), shape, []);
  return builder.select(isHot, value(2), value(3));
};

/** Sums or products of the elements so far, as a window that ends at each element. */
const cumulative =
  (reducer: 'add' | 'multiply', initial: number): Lowering =>
  (call) => {
    const x = call.input(0);
    const [axis = 0] = call.numbers(1).map((each) => positiveAxis(each, x.shape.length));
    const isReversed = call.flag('reverse');
    const isExclusive = call.flag('exclusive');
    return runningTotal(call, { x, axis, reducer, initial, isReversed, isExclusive });
  };

interface RunningTotal {
  readonly x: HloValue;
  readonly axis: number;
  readonly reducer: 'add' | 'multiply';
  readonly initial: number;
  readonly isReversed: boolean;
  readonly isExclusive: boolean;
}

function runningTotal(call: LoweredCall, total: RunningTotal): HloValue {
  const { x, axis, reducer, initial, isReversed, isExclusive } = total;
  const { builder } = call;
  const size = x.shape[axis] ?? 1;
  if (sizeOf(x.shape) === 0) return x;
  const at = (value: number): number[] => x.shape.map((_, index) => (index === axis ? value : 0));
  const reach = isExclusive ? size : size - 1;
  const back = isExclusive ? -1 : 0;
  const [low, high] = isReversed ? [at(back), at(reach)] : [at(reach), at(back)];
  const start = builder.scalar(initial, x.dtype);
  const pairs = low.map((before, index) => `[${String(before)}, ${String(high[index])}]`).join(', ');
  const window = arrayText(x.shape.map((_, index) => (index === axis ? size : 1)));
  const attributes = `padding = dense<[${pairs}]> : tensor<${String(x.shape.length)}x2xi64>, window_dimensions = ${window}`;
  const region = builder.reducerRegion(reducer, x.dtype);
  return builder.emit(`"stablehlo.reduce_window"(${x.name}, ${start.name}) ${region} {${attributes}}`, [x, start], x);
}

export const INDEX_LOWERINGS: Lowerings = {
  Cumprod: cumulative('multiply', 1),
  Cumsum: cumulative('add', 0),
  GatherNd: gatherNd,
  GatherV2: gather,
  OneHot: oneHot,
  ScatterNd: scatterNd,
  TensorScatterUpdate: scatterUpdate,
  UnsortedSegmentSum: segmentSum,
};
