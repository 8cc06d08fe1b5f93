/** Lowerings of functions of whole axes: sums, means, extremes, positions. Pure. */
import type { HloBuilder, Reducer } from './hlo-builder.js';
import type { HloValue } from './hlo-types.js';
import type { LoweredCall, Lowering, Lowerings } from './lowering.js';

import { DataTypeCode } from '../../../tensorflow/data-types-table.js';

import { elementName, positiveAxis, sizeOf, typeText } from './hlo-types.js';
import { NoLoweringError } from './no-lowering-error.js';

const LOWEST: ReadonlyMap<DataTypeCode, number> = new Map([
  [DataTypeCode.Float, -Infinity],
  [DataTypeCode.Double, -Infinity],
  [DataTypeCode.Int32, -(2 ** 31)],
  [DataTypeCode.UInt8, 0],
]);
const HIGHEST: ReadonlyMap<DataTypeCode, number> = new Map([
  [DataTypeCode.Float, Infinity],
  [DataTypeCode.Double, Infinity],
  [DataTypeCode.Int32, 2 ** 31 - 1],
  [DataTypeCode.UInt8, 255],
]);

/**
 * Finds the element that a maximum begins with.
 *
 * @param dtype - The element type.
 * @returns The lowest value.
 */
export function lowestOf(dtype: DataTypeCode): number {
  const value = LOWEST.get(dtype);
  if (value === undefined) throw new NoLoweringError(`a maximum of ${elementName(dtype)}`);
  return value;
}

function highestOf(dtype: DataTypeCode): number {
  const value = HIGHEST.get(dtype);
  if (value === undefined) throw new NoLoweringError(`a minimum of ${elementName(dtype)}`);
  return value;
}

function axesOf(call: LoweredCall, x: HloValue): number[] {
  const axes = call.numbers(1).map((axis) => positiveAxis(axis, x.shape.length));
  return [...new Set(axes)].sort((one, other) => one - other);
}

const reduction =
  (reducer: Reducer, initialOf: (dtype: DataTypeCode) => number): Lowering =>
  (call) => {
    const x = call.input(0);
    const reduced = call.builder.reduce(x, reducer, initialOf(x.dtype), axesOf(call, x));
    return call.builder.reshape(reduced, call.output().shape);
  };

const mean: Lowering = (call) => {
  const { builder } = call;
  const x = call.input(0);
  const axes = axesOf(call, x);
  const sum = builder.reduce(x, 'add', 0, axes);
  const count = sizeOf(axes.map((axis) => x.shape[axis] ?? 1));
  const quotient = builder.binary('divide', sum, builder.constant(count, sum));
  return builder.reshape(quotient, call.output().shape);
};

/** The position of the first extreme element along an axis. */
const position =
  (direction: 'GT' | 'LT', initialOf: (dtype: DataTypeCode) => number): Lowering =>
  (call) => {
    const { builder } = call;
    const x = call.input(0);
    const [axis = 0] = call.numbers(1).map((each) => positiveAxis(each, x.shape.length));
    const places = builder.iota({ dtype: DataTypeCode.Int32, shape: x.shape }, axis);
    const found = reducePairs(builder, { x, places, axis, direction, initial: initialOf(x.dtype) });
    return builder.convert(builder.reshape(found, call.output().shape), call.output().dtype);
  };

interface PositionSearch {
  readonly x: HloValue;
  readonly places: HloValue;
  readonly axis: number;
  readonly direction: 'GT' | 'LT';
  readonly initial: number;
}

/** Keeps the better element of two and its place; of equal ones the first place. */
function reducePairs(builder: HloBuilder, { x, places, axis, direction, initial }: PositionSearch): HloValue {
  const shape = x.shape.filter((_, index) => index !== axis);
  const start = builder.scalar(initial, x.dtype);
  const zero = builder.scalar(0, DataTypeCode.Int32);
  const element = typeText({ dtype: x.dtype, shape: [] });
  const bool = 'tensor<i1>';
  const region = [
    `(%a: ${element}, %b: ${element}) (%i: tensor<i32>, %j: tensor<i32>) {`,
    `%better = stablehlo.compare ${direction}, %a, %b : (${element}, ${element}) -> ${bool}`,
    `%nan = stablehlo.compare NE, %a, %a : (${element}, ${element}) -> ${bool}`,
    `%wins = stablehlo.or %better, %nan : ${bool}`,
    `%same = stablehlo.compare EQ, %a, %b : (${element}, ${element}) -> ${bool}`,
    `%first = stablehlo.compare LT, %i, %j : (tensor<i32>, tensor<i32>) -> ${bool}`,
    `%tie = stablehlo.and %same, %first : ${bool}`,
    `%keep = stablehlo.or %wins, %tie : ${bool}`,
    `%v = stablehlo.select %wins, %a, %b : ${bool}, ${element}`,
    `%p = stablehlo.select %keep, %i, %j : ${bool}, tensor<i32>`,
    `stablehlo.return %v, %p : ${element}, tensor<i32> }`,
  ].join('\n');
  const inputs = [x, places, start, zero];
  const types = `(${inputs.map(typeText).join(', ')}) -> (${typeText({ dtype: x.dtype, shape })}, ${typeText({ dtype: DataTypeCode.Int32, shape })})`;
  const text = `stablehlo.reduce(${x.name} init: ${start.name}), (${places.name} init: ${zero.name}) across dimensions = [${String(axis)}] : ${types} reducer${region}`;
  return builder.emitRaw(text, 2, { dtype: DataTypeCode.Int32, shape }, 1);
}

const softmax: Lowering = (call) => {
  const { builder } = call;
  const x = call.input(0);
  const axis = x.shape.length - 1;
  const greatest = builder.reduce(x, 'maximum', -Infinity, [axis]);
  const powers = builder.unary('exponential', builder.binary('subtract', x, alongRows(builder, greatest, x)));
  const sums = builder.reduce(powers, 'add', 0, [axis]);
  return builder.binary('divide', powers, alongRows(builder, sums, powers));
};

/** Repeats one number of each row. */
function alongRows(builder: HloBuilder, rows: HloValue, like: HloValue): HloValue {
  return builder.broadcastInDim(
    rows,
    like.shape,
    rows.shape.map((_, axis) => axis),
  );
}

export const REDUCTION_LOWERINGS: Lowerings = {
  Sum: reduction('add', () => 0),
  Prod: reduction('multiply', () => 1),
  Max: reduction('maximum', lowestOf),
  Min: reduction('minimum', highestOf),
  All: reduction('and', () => 1),
  Any: reduction('or', () => 0),
  Mean: mean,
  ArgMax: position('GT', lowestOf),
  ArgMin: position('LT', highestOf),
  BiasAddGrad: (call) => {
    const x = call.input(0);
    return call.builder.reduce(
      x,
      'add',
      0,
      x.shape.slice(1).map((_, axis) => axis),
    );
  },
  Softmax: softmax,
};
