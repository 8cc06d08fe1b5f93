/**
 * Lowerings of random numbers: drawn on the device, from the key of the op and the counter of the step. Each step and
 * replica draws others, and the same seed draws the same numbers again. They are other numbers than TensorFlow's. Pure.
 */
import type { HloBuilder } from './hlo-builder.js';
import type { HloValue } from './hlo-types.js';
import type { LoweredCall, Lowering, Lowerings } from './lowering.js';

import { DataTypeCode } from '../../../tensorflow/data-types-table.js';

import { sizeOf, typeText } from './hlo-types.js';

const MANTISSA_SHIFT = 9;
/** The bits of 1.0: with a random mantissa they are a number from 1 up to 2. */
const ONE_BITS = 0x3f800000;
/** Where a truncated normal distribution ends, in standard deviations. */
const TRUNCATED_AT = 2;
/** `erf(2 / sqrt(2))`: how much of a normal distribution is within two standard deviations. */
const WITHIN_TWO = 0.9544997361036416;

/** Numbers from 0 up to 1, without 1. Inputs of the op: the shape, the key, the counter, the algorithm. */
function uniform(call: LoweredCall): HloValue {
  const { builder } = call;
  const { shape } = call.output();
  const [key, counter] = [call.input(1), call.input(2)];
  const state = builder.concatenate([key, counter], 0);
  const bitsType = { dtype: DataTypeCode.UInt32, shape };
  if (sizeOf(shape) === 0) return builder.constant(0, call.output());
  const text = `stablehlo.rng_bit_generator ${state.name}, algorithm = PHILOX : (${typeText(state)}) -> (${typeText(state)}, ${typeText(bitsType)})`;
  const bits = builder.emitRaw(text, 2, bitsType, 1);
  const mantissa = builder.binary('shift_right_logical', bits, builder.constant(MANTISSA_SHIFT, bitsType));
  const inOneToTwo = builder.binary('or', mantissa, builder.constant(ONE_BITS, bitsType));
  const result = { dtype: DataTypeCode.Float, shape };
  const number = builder.emit(`stablehlo.bitcast_convert ${inOneToTwo.name}`, [inOneToTwo], result);
  return builder.binary('subtract', number, builder.constant(1, result));
}

/** The inverse of the normal distribution within symmetric bounds: `sqrt(2) erfinv(share (2 u - 1))`. */
function normalOf(builder: HloBuilder, unit: HloValue, share: number): HloValue {
  const scaled = builder.binary('multiply', unit, builder.constant(2 * share, unit));
  // Half a step of the mantissa away from -1, whose inverse is infinite.
  const centered = builder.binary('add', scaled, builder.constant(share * (2 ** -23 - 1), unit));
  const inverse = builder.composed('erf_inv', centered);
  return builder.binary('multiply', inverse, builder.constant(Math.SQRT2, unit));
}

const normal: Lowering = (call) => normalOf(call.builder, uniform(call), 1);

const truncatedNormal: Lowering = (call) => {
  const { builder } = call;
  const drawn = normalOf(builder, uniform(call), WITHIN_TWO);
  const limit = builder.constant(TRUNCATED_AT, drawn);
  return builder.binary('maximum', builder.binary('minimum', drawn, limit), builder.unary('negate', limit));
};

export const RANDOM_LOWERINGS: Lowerings = {
  StatelessRandomUniformV2: uniform,
  StatelessRandomNormalV2: normal,
  StatelessTruncatedNormalV2: truncatedNormal,
};
