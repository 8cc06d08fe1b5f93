/** Lowerings of functions of single elements: arithmetic, comparison, logic. Pure. */
import type { HloBuilder } from './hlo-builder.js';
import type { HloValue } from './hlo-types.js';
import type { LoweredCall, Lowering, Lowerings } from './lowering.js';

import { DataTypeCode } from '../../../tensorflow/data-types-table.js';

import { broadcastShape } from './hlo-types.js';

const isFloat = ({ dtype }: HloValue): boolean =>
  dtype === DataTypeCode.Float || dtype === DataTypeCode.Double || dtype === DataTypeCode.Half;

const unary =
  (op: string): Lowering =>
  (call) =>
    call.builder.unary(op, call.input(0));

const composed =
  (op: string): Lowering =>
  (call) =>
    call.builder.composed(op, call.input(0));

/** Both operands, in their common shape. */
function operands(call: LoweredCall): [HloValue, HloValue] {
  const [a, b] = [call.input(0), call.input(1)];
  const shape = broadcastShape(a.shape, b.shape);
  return [call.builder.broadcastTo(a, shape), call.builder.broadcastTo(b, shape)];
}

const binary =
  (op: string): Lowering =>
  (call) =>
    call.builder.binary(op, ...operands(call));

const comparison =
  (direction: string): Lowering =>
  (call) =>
    call.builder.compare(direction, ...operands(call));

/** A constant of the type and shape of a value. */
const like = (builder: HloBuilder, x: HloValue, value: number): HloValue => builder.constant(value, x);

const formula =
  (compute: (builder: HloBuilder, x: HloValue) => HloValue): Lowering =>
  (call) =>
    compute(call.builder, call.input(0));

const binaryFormula =
  (compute: (builder: HloBuilder, a: HloValue, b: HloValue) => HloValue): Lowering =>
  (call) =>
    compute(call.builder, ...operands(call));

const isNaN = (builder: HloBuilder, x: HloValue): HloValue => builder.compare('NE', x, x);

/** Division that rounds toward negative infinity. */
function floorDivide(builder: HloBuilder, a: HloValue, b: HloValue): HloValue {
  const quotient = builder.binary('divide', a, b);
  if (isFloat(a)) return builder.unary('floor', quotient);
  const zero = like(builder, a, 0);
  const hasRest = builder.compare('NE', builder.binary('multiply', quotient, b), a);
  const signsDiffer = builder.binary('xor', builder.compare('LT', a, zero), builder.compare('LT', b, zero));
  const lower = builder.binary('subtract', quotient, like(builder, a, 1));
  return builder.select(builder.binary('and', hasRest, signsDiffer), lower, quotient);
}

/** The rest of a division, with the sign of the divisor. */
function floorModulo(builder: HloBuilder, a: HloValue, b: HloValue): HloValue {
  const rest = builder.binary('remainder', a, b);
  const zero = like(builder, a, 0);
  const isRest = builder.compare('NE', rest, zero);
  const signsDiffer = builder.binary('xor', builder.compare('LT', rest, zero), builder.compare('LT', b, zero));
  return builder.select(builder.binary('and', isRest, signsDiffer), builder.binary('add', rest, b), rest);
}

const select: Lowering = (call) => {
  const [condition, then, otherwise] = [call.input(0), call.input(1), call.input(2)];
  const shape = broadcastShape(condition.shape, broadcastShape(then.shape, otherwise.shape));
  const [c, t, o] = [condition, then, otherwise].map((value) => call.builder.broadcastTo(value, shape));
  return call.builder.select(c as HloValue, t as HloValue, o as HloValue);
};

const cast: Lowering = (call) => {
  const x = call.input(0);
  const { dtype } = call.output();
  if (dtype === DataTypeCode.Bool && x.dtype !== DataTypeCode.Bool)
    return call.builder.compare('NE', x, like(call.builder, x, 0));
  return call.builder.convert(x, dtype);
};

const clipByValue: Lowering = (call) => {
  const [x, low, high] = [call.input(0), call.input(1), call.input(2)];
  const { builder } = call;
  const [min, max] = [builder.broadcastTo(low, x.shape), builder.broadcastTo(high, x.shape)];
  return builder.binary('minimum', builder.binary('maximum', x, min), max);
};

/** `x / (1 + e^-x)` and the like need no exponential of a large number. */
const softplus = (builder: HloBuilder, x: HloValue): HloValue => {
  const decayed = builder.unary('exponential', builder.unary('negate', builder.unary('abs', x)));
  const rest = builder.unary('log_plus_one', decayed);
  return builder.binary('add', builder.binary('maximum', x, like(builder, x, 0)), rest);
};

const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

function elu(builder: HloBuilder, x: HloValue, alpha = 1, scale = 1): HloValue {
  const zero = like(builder, x, 0);
  const below = builder.unary('exponential_minus_one', builder.binary('minimum', x, zero));
  const scaledBelow = builder.binary('multiply', below, like(builder, x, alpha * scale));
  const above = scale === 1 ? x : builder.binary('multiply', x, like(builder, x, scale));
  return builder.select(builder.compare('GT', x, zero), above, scaledBelow);
}

const square = (builder: HloBuilder, x: HloValue): HloValue => builder.binary('multiply', x, x);

const addAll: Lowering = (call) => {
  const [first, ...others] = call.inputList(0);
  return others.reduce((sum, other) => call.builder.binary('add', sum, other), first as HloValue);
};

export const ELEMENT_WISE_LOWERINGS: Lowerings = {
  Abs: unary('abs'),
  Acos: composed('acos'),
  Acosh: composed('acosh'),
  Asin: composed('asin'),
  Asinh: composed('asinh'),
  Atan: formula((builder, x) => builder.binary('atan2', x, like(builder, x, 1))),
  Atanh: composed('atanh'),
  Ceil: unary('ceil'),
  Cos: unary('cosine'),
  Cosh: composed('cosh'),
  Erf: composed('erf'),
  Exp: unary('exponential'),
  Expm1: unary('exponential_minus_one'),
  Floor: unary('floor'),
  Identity: (call) => call.input(0),
  IsFinite: formula((builder, x) =>
    builder.emit(`stablehlo.is_finite ${x.name}`, [x], { ...x, dtype: DataTypeCode.Bool }),
  ),
  IsInf: formula((builder, x) => builder.compare('EQ', builder.unary('abs', x), like(builder, x, Infinity))),
  IsNan: formula(isNaN),
  Log: unary('log'),
  Log1p: unary('log_plus_one'),
  LogicalNot: unary('not'),
  Neg: unary('negate'),
  Reciprocal: formula((builder, x) => builder.binary('divide', like(builder, x, 1), x)),
  Round: unary('round_nearest_even'),
  Rsqrt: unary('rsqrt'),
  Sigmoid: unary('logistic'),
  Sign: unary('sign'),
  Sin: unary('sine'),
  Sinh: composed('sinh'),
  Softplus: formula(softplus),
  Sqrt: unary('sqrt'),
  Square: formula(square),
  Tan: unary('tan'),
  Tanh: unary('tanh'),

  Elu: formula((builder, x) => elu(builder, x)),
  Selu: formula((builder, x) => elu(builder, x, SELU_ALPHA, SELU_SCALE)),
  Relu: formula((builder, x) => builder.binary('maximum', x, like(builder, x, 0))),
  Relu6: formula((builder, x) =>
    builder.binary('minimum', builder.binary('maximum', x, like(builder, x, 0)), like(builder, x, 6)),
  ),
  LeakyRelu: (call) => {
    const { builder } = call;
    const x = call.input(0);
    const alpha = call.number('alpha') ?? 0.2;
    const below = builder.binary('multiply', x, like(builder, x, alpha));
    return builder.select(builder.compare('GT', x, like(builder, x, 0)), x, below);
  },
  /** Inputs: the gradient, then the input or the result of relu. */
  ReluGrad: binaryFormula((builder, gradient, x) =>
    builder.select(builder.compare('GT', x, like(builder, x, 0)), gradient, like(builder, gradient, 0)),
  ),
  /** Inputs: the gradient, then the result of elu. */
  EluGrad: binaryFormula((builder, gradient, y) =>
    builder.select(
      builder.compare('LT', y, like(builder, y, 0)),
      builder.binary('multiply', gradient, builder.binary('add', y, like(builder, y, 1))),
      gradient,
    ),
  ),

  AddN: addAll,
  AddV2: binary('add'),
  Add: binary('add'),
  Atan2: binary('atan2'),
  BitwiseAnd: binary('and'),
  DivNoNan: binaryFormula((builder, a, b) =>
    builder.select(builder.compare('EQ', b, like(builder, b, 0)), like(builder, a, 0), builder.binary('divide', a, b)),
  ),
  FloorDiv: binaryFormula(floorDivide),
  FloorMod: binaryFormula(floorModulo),
  Maximum: binary('maximum'),
  Minimum: binary('minimum'),
  Mul: binary('multiply'),
  Pow: binary('power'),
  RealDiv: binary('divide'),
  SquaredDifference: binaryFormula((builder, a, b) => square(builder, builder.binary('subtract', a, b))),
  Sub: binary('subtract'),

  Equal: comparison('EQ'),
  NotEqual: comparison('NE'),
  Greater: comparison('GT'),
  GreaterEqual: comparison('GE'),
  Less: comparison('LT'),
  LessEqual: comparison('LE'),
  LogicalAnd: binary('and'),
  LogicalOr: binary('or'),

  Cast: cast,
  ClipByValue: clipByValue,
  SelectV2: select,
};
