/** Lowerings of pools and their gradients. Pure. */
import type { HloBuilder, Reducer } from './hlo-builder.js';
import type { HloType, HloValue } from './hlo-types.js';
import type { LoweredCall, Lowering, Lowerings } from './lowering.js';

import { arrayText } from './hlo-builder.js';
import { lowestOf } from './reduction-lowerings.js';
import { windowAxes, type WindowAxis } from './window-geometry.js';

function poolAxes(call: LoweredCall, input: readonly number[]): WindowAxis[] {
  const sizes = call.list('ksize');
  return windowAxes(call, { input, window: sizes.slice(1, -1) });
}

/** Values for batch and channels around those of the spatial axes. */
const around = (outer: number, inner: readonly number[]): number[] => [outer, ...inner, outer];

interface WindowReduction {
  readonly reducer: Reducer;
  readonly initial: number;
  readonly axes: readonly WindowAxis[];
  readonly shape: readonly number[];
}

function reduceWindows(builder: HloBuilder, x: HloValue, { reducer, initial, axes, shape }: WindowReduction): HloValue {
  const start = builder.scalar(initial, x.dtype);
  const padding = [[0, 0], ...axes.map(({ before, after }) => [before, after]), [0, 0]];
  const pairs = padding.map(([low, high]) => `[${String(low)}, ${String(high)}]`).join(', ');
  const attributes = [
    `padding = dense<[${pairs}]> : tensor<${String(padding.length)}x2xi64>`,
    `window_dimensions = ${arrayText(
      around(
        1,
        axes.map(({ window }) => window),
      ),
    )}`,
    `window_strides = ${arrayText(
      around(
        1,
        axes.map(({ stride }) => stride),
      ),
    )}`,
  ].join(', ');
  const region = builder.reducerRegion(reducer, x.dtype);
  return builder.emit(`"stablehlo.reduce_window"(${x.name}, ${start.name}) ${region} {${attributes}}`, [x, start], {
    dtype: x.dtype,
    shape,
  });
}

const maxPool: Lowering = (call) => {
  const x = call.input(0);
  return reduceWindows(call.builder, x, {
    reducer: 'maximum',
    initial: lowestOf(x.dtype),
    axes: poolAxes(call, x.shape),
    shape: call.output().shape,
  });
};

/** How many elements of the input each window covers. */
function counts(builder: HloBuilder, axes: readonly WindowAxis[], input: HloType, shape: readonly number[]): HloValue {
  const ones = builder.constant(1, input);
  return reduceWindows(builder, ones, { reducer: 'add', initial: 0, axes, shape });
}

const averagePool: Lowering = (call) => {
  const { builder } = call;
  const x = call.input(0);
  const axes = poolAxes(call, x.shape);
  const { shape } = call.output();
  const sums = reduceWindows(builder, x, { reducer: 'add', initial: 0, axes, shape });
  return builder.binary('divide', sums, counts(builder, axes, x, shape));
};

/** Spreads the mean of each window over its elements. */
function spread(builder: HloBuilder, share: HloValue, axes: readonly WindowAxis[], result: HloType): HloValue {
  const padded = builder.pad(share, builder.scalar(0, share.dtype), {
    low: around(
      0,
      axes.map(({ window, before }) => window - 1 - before),
    ),
    high: around(
      0,
      axes.map(({ inSize, outSize, stride, before }) => inSize - 1 + before - (outSize - 1) * stride),
    ),
    interior: around(
      0,
      axes.map(({ stride }) => stride - 1),
    ),
  });
  const plain = axes.map((axis) => ({ ...axis, stride: 1, before: 0, after: 0 }));
  return reduceWindows(builder, padded, { reducer: 'add', initial: 0, axes: plain, shape: result.shape });
}

/** Inputs: the shape of the input, the gradient of the result. */
const averagePoolGradient: Lowering = (call) => {
  const { builder } = call;
  const gradient = call.input(1);
  const result = call.output();
  const axes = poolAxes(call, result.shape);
  const share = builder.binary('divide', gradient, counts(builder, axes, result, gradient.shape));
  return spread(builder, share, axes, result);
};

/** Windows that share no elements and leave no gaps within the part of the input that they cover. */
const isTiling = ({ window, stride, before, after }: WindowAxis): boolean =>
  window === stride && before === 0 && after === 0;

/**
 * Gives the gradient of each window to its first greatest element. XLA's own operation for this visits one window after
 * the other; where windows do not overlap, comparisons of whole arrays do the same and are several times as fast.
 */
const maxPoolGradient: Lowering = (call) => {
  const [x, y, gradient] = [call.input(0), call.input(1), call.input(2)];
  const axes = poolAxes(call, x.shape);
  return axes.every(isTiling)
    ? tiledGradient(call.builder, { x, y, gradient, axes })
    : scattered(call, x, gradient, axes);
};

interface PoolGradient {
  readonly x: HloValue;
  readonly y: HloValue;
  readonly gradient: HloValue;
  readonly axes: readonly WindowAxis[];
}

/** Lists the places within a window, in the order of memory. */
function placesIn(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (places, size) => places.flatMap((place) => Array.from({ length: size }, (_, index) => [...place, index])),
    [[]],
  );
}

function tiledGradient(builder: HloBuilder, { x, y, gradient, axes }: PoolGradient): HloValue {
  const zeros = builder.constant(0, gradient);
  let taken: HloValue | undefined;
  let total: HloValue | undefined;
  for (const place of placesIn(axes.map(({ window }) => window))) {
    const strides = axes.map(({ stride }) => stride);
    const limits = axes.map(({ outSize, stride }, axis) => (place[axis] ?? 0) + (outSize - 1) * stride + 1);
    const elements = builder.slice(
      x,
      around(0, place),
      [x.shape[0] ?? 1, ...limits, x.shape.at(-1) ?? 1],
      around(1, strides),
    );
    const isGreatest = builder.compare('EQ', elements, y);
    const isFirst = taken === undefined ? isGreatest : builder.binary('and', isGreatest, builder.unary('not', taken));
    taken = taken === undefined ? isGreatest : builder.binary('or', taken, isGreatest);
    const part = builder.pad(builder.select(isFirst, gradient, zeros), builder.scalar(0, gradient.dtype), {
      low: around(0, place),
      high: around(
        0,
        axes.map(({ inSize }, axis) => inSize - (limits[axis] ?? 0)),
      ),
      interior: around(
        0,
        strides.map((stride) => stride - 1),
      ),
    });
    total = total === undefined ? part : builder.binary('add', total, part);
  }
  return total as HloValue;
}

function scattered(call: LoweredCall, x: HloValue, gradient: HloValue, axes: readonly WindowAxis[]): HloValue {
  const { builder } = call;
  const start = builder.scalar(0, x.dtype);
  const padding = [[0, 0], ...axes.map(({ before, after }) => [before, after]), [0, 0]];
  const pairs = padding.map(([low, high]) => `[${String(low)}, ${String(high)}]`).join(', ');
  const attributes = [
    `padding = dense<[${pairs}]> : tensor<${String(padding.length)}x2xi64>`,
    `window_dimensions = ${arrayText(
      around(
        1,
        axes.map(({ window }) => window),
      ),
    )}`,
    `window_strides = ${arrayText(
      around(
        1,
        axes.map(({ stride }) => stride),
      ),
    )}`,
  ].join(', ');
  const regions = `(${builder.comparisonRegion('GE', x.dtype)}, ${builder.reducerRegion('add', x.dtype).slice(1)}`;
  const text = `"stablehlo.select_and_scatter"(${x.name}, ${gradient.name}, ${start.name}) ${regions} {${attributes}}`;
  return builder.emit(text, [x, gradient, start], call.output());
}

export const POOL_LOWERINGS: Lowerings = {
  AvgPool: averagePool,
  AvgPool3D: averagePool,
  AvgPoolGrad: averagePoolGradient,
  AvgPool3DGrad: averagePoolGradient,
  MaxPool: maxPool,
  MaxPool3D: maxPool,
  MaxPoolGrad: maxPoolGradient,
  MaxPool3DGrad: maxPoolGradient,
};
