/** Lowerings of products of matrices, and of what is added to them. Pure. */
import type { HloBuilder } from './hlo-builder.js';
import type { HloValue } from './hlo-types.js';
import type { Lowering, Lowerings } from './lowering.js';

import { broadcastShape } from './hlo-types.js';

/** Which axis of each operand vanishes, and which axes number the matrices. */
interface Contraction {
  readonly a: number;
  readonly b: number;
  readonly batch: number;
}

/**
 * Multiplies matrices.
 *
 * @param builder - Writes the program.
 * @param a - The first operand.
 * @param b - The second operand.
 * @param contraction - The axes.
 * @returns The axes of the stack, the other axes of `a`, then the other axes of `b`.
 */
export function product(builder: HloBuilder, a: HloValue, b: HloValue, contraction: Contraction): HloValue {
  const { batch } = contraction;
  const free = (value: HloValue, contracted: number): number[] =>
    value.shape.filter((_, axis) => axis >= batch && axis !== contracted);
  const shape = [...a.shape.slice(0, batch), ...free(a, contraction.a), ...free(b, contraction.b)];
  const axes = Array.from({ length: batch }, (_, axis) => axis).join(', ');
  const batching = batch === 0 ? '' : `batching_dims = [${axes}] x [${axes}], `;
  const contracting = `contracting_dims = [${String(contraction.a)}] x [${String(contraction.b)}]`;
  return builder.emit(`stablehlo.dot_general ${a.name}, ${b.name}, ${batching}${contracting}`, [a, b], {
    dtype: a.dtype,
    shape,
  });
}

const matMul: Lowering = (call) =>
  product(call.builder, call.input(0), call.input(1), {
    a: call.flag('transpose_a') ? 0 : 1,
    b: call.flag('transpose_b') ? 1 : 0,
    batch: 0,
  });

const batchMatMul: Lowering = (call) => {
  const { builder } = call;
  const [a, b] = [call.input(0), call.input(1)];
  const stack = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const batch = stack.length;
  return product(
    builder,
    builder.broadcastTo(a, [...stack, ...a.shape.slice(-2)]),
    builder.broadcastTo(b, [...stack, ...b.shape.slice(-2)]),
    {
      a: call.flag('adj_x') ? batch : batch + 1,
      b: call.flag('adj_y') ? batch + 1 : batch,
      batch,
    },
  );
};

const biasAdd: Lowering = (call) => {
  const x = call.input(0);
  const isChannelsFirst = call.text('data_format') === 'NCHW';
  const axis = isChannelsFirst ? 1 : x.shape.length - 1;
  return call.builder.binary('add', x, call.builder.broadcastInDim(call.input(1), x.shape, [axis]));
};

export const MATRIX_LOWERINGS: Lowerings = {
  MatMul: matMul,
  BatchMatMulV2: batchMatMul,
  BiasAdd: biasAdd,
};
