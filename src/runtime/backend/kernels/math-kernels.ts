/** Kernels for element-wise arithmetic, comparison, logic and complex numbers: TensorFlow's math ops. Pure. */
import type { Handle } from '../../tensorflow/op-executor.js';
import type { KernelScope } from '../kernel-scope.js';

import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { input, inputList, type Kernel, type KernelTable, sizeOf } from '../kernel.js';

/** A function of real numbers. Like tfjs, casts integers and booleans to `float32` first. */
const floatUnary =
  (op: string): Kernel =>
  (scope, inputs) =>
    scope.op(op, [scope.toFloat(scope.in(input(inputs, 'x')))]);

/** An op whose result has the element type of its input; booleans become `int32`. */
const numberUnary =
  (op: string): Kernel =>
  (scope, inputs) =>
    scope.op(op, [scope.toNumber(scope.in(input(inputs, 'x')))]);

/** An op that rounds floats; integers stay as they are. */
const roundingUnary =
  (op: string): Kernel =>
  (scope, inputs) => {
    const x = scope.toNumber(scope.in(input(inputs, 'x')));
    return x.dtype === DataTypeCode.Int32 ? x : scope.op(op, [x]);
  };

/** Casts two operands to the wider of their types: complex, float, int, bool. */
function matchTypes(scope: KernelScope, a: Handle, b: Handle): [Handle, Handle] {
  if (a.dtype === b.dtype) return [a, b];
  const order = [DataTypeCode.Bool, DataTypeCode.Int32, DataTypeCode.Float, DataTypeCode.Complex64];
  const wider = order.indexOf(a.dtype) > order.indexOf(b.dtype) ? a.dtype : b.dtype;
  return [scope.cast(a, wider), scope.cast(b, wider)];
}

const binary =
  (op: string): Kernel =>
  (scope, inputs) => {
    const [a, b] = matchTypes(
      scope,
      scope.toNumber(scope.in(input(inputs, 'a'))),
      scope.toNumber(scope.in(input(inputs, 'b'))),
    );
    return scope.op(op, [a, b]);
  };

const floatBinary =
  (op: string): Kernel =>
  (scope, inputs) => {
    const [a, b] = matchTypes(
      scope,
      scope.toFloat(scope.in(input(inputs, 'a'))),
      scope.toFloat(scope.in(input(inputs, 'b'))),
    );
    return scope.op(op, [a, b]);
  };

/** A comparison by order. Casts booleans to `int32`, because TensorFlow does not order them. */
const ordering =
  (op: string): Kernel =>
  (scope, inputs) => {
    const a = scope.in(input(inputs, 'a'));
    const b = scope.in(input(inputs, 'b'));
    if (a.dtype === DataTypeCode.String) return stringOrdering(scope, op, a, b);
    return scope.op(op, [...matchTypes(scope, scope.toNumber(a), scope.toNumber(b))]);
  };

/** Compares strings on the host, like tfjs's CPU backend: TensorFlow orders only numbers. */
function stringOrdering(scope: KernelScope, op: string, a: Handle, b: Handle): Handle {
  const rank = Math.max(a.shape.length, b.shape.length);
  const shape = Array.from({ length: rank }, (_unused, axis) =>
    Math.max(a.shape[axis - rank + a.shape.length] ?? 1, b.shape[axis - rank + b.shape.length] ?? 1),
  );
  const [left, right] = [a, b].map(
    (handle) => scope.executor.readSync(scope.op('BroadcastTo', [handle, scope.ints(shape)])) as Uint8Array[],
  );
  const compare: Record<string, (order: number) => boolean> = {
    Less: (order) => order < 0,
    LessEqual: (order) => order <= 0,
    Greater: (order) => order > 0,
    GreaterEqual: (order) => order >= 0,
  };
  const holds = compare[op] as (order: number) => boolean;
  const values = Uint8Array.from({ length: sizeOf(shape) }, (_unused, index) =>
    holds(Buffer.compare((left as Uint8Array[])[index] as Uint8Array, (right as Uint8Array[])[index] as Uint8Array))
      ? 1
      : 0,
  );
  return scope.op('Identity', [scope.executor.fromHost(values, shape, DataTypeCode.Bool)]);
}

const equality =
  (op: string): Kernel =>
  (scope, inputs) =>
    scope.op(op, [...matchTypes(scope, scope.in(input(inputs, 'a')), scope.in(input(inputs, 'b')))]);

const logical =
  (op: string): Kernel =>
  (scope, inputs) =>
    scope.op(op, [
      scope.cast(scope.in(input(inputs, 'a')), DataTypeCode.Bool),
      scope.cast(scope.in(input(inputs, 'b')), DataTypeCode.Bool),
    ]);

/** A test of floats. Integers count as finite numbers. */
const floatTest =
  (op: string): Kernel =>
  (scope, inputs) =>
    scope.op(op, [scope.toFloat(scope.in(input(inputs, 'x')))]);

/** Keeps NaN: TensorFlow's kernels for these functions may return another value. */
function keepNaN(scope: KernelScope, x: Handle, y: Handle): Handle {
  return scope.op('SelectV2', [scope.op('IsNan', [x]), x, y]);
}

const step: Kernel = (scope, inputs, { alpha }: { alpha: number }) => {
  const info = input(inputs, 'x');
  const x = scope.toNumber(scope.in(info));
  const positive = scope.op('Greater', [x, scope.scalar(0, x.dtype)]);
  const y = scope.op('SelectV2', [positive, scope.scalar(1, x.dtype), scope.scalar(alpha, x.dtype)]);
  return x.dtype === DataTypeCode.Float ? keepNaN(scope, x, y) : y;
};

const sign: Kernel = (scope, inputs) => {
  const x = scope.toNumber(scope.in(input(inputs, 'x')));
  // In tfjs, sign(NaN) is 0; in TensorFlow it is NaN.
  if (x.dtype !== DataTypeCode.Float) return scope.op('Sign', [x]);
  const y = scope.op('Sign', [x]);
  return scope.op('SelectV2', [scope.op('IsNan', [x]), scope.floatScalar(0), y]);
};

const complexParts =
  (op: string): Kernel =>
  (scope, inputs) => {
    const x = scope.in(input(inputs, 'input'));
    return scope.op(op, [scope.cast(x, DataTypeCode.Complex64)]);
  };

export const MATH_KERNELS: KernelTable = {
  Abs: numberUnary('Abs'),
  Acos: floatUnary('Acos'),
  Acosh: floatUnary('Acosh'),
  Asin: floatUnary('Asin'),
  Asinh: floatUnary('Asinh'),
  Atan: floatUnary('Atan'),
  Atanh: floatUnary('Atanh'),
  Ceil: roundingUnary('Ceil'),
  Cos: floatUnary('Cos'),
  Cosh: floatUnary('Cosh'),
  Erf: floatUnary('Erf'),
  Exp: floatUnary('Exp'),
  Expm1: floatUnary('Expm1'),
  Floor: roundingUnary('Floor'),
  IsFinite: floatTest('IsFinite'),
  IsInf: floatTest('IsInf'),
  IsNan: floatTest('IsNan'),
  Log: floatUnary('Log'),
  Log1p: floatUnary('Log1p'),
  Neg: numberUnary('Neg'),
  Reciprocal: floatUnary('Reciprocal'),
  Round: roundingUnary('Round'),
  Rsqrt: floatUnary('Rsqrt'),
  Sigmoid: floatUnary('Sigmoid'),
  Sign: sign,
  Sin: floatUnary('Sin'),
  Sinh: floatUnary('Sinh'),
  Sqrt: floatUnary('Sqrt'),
  Square: numberUnary('Square'),
  Step: step,
  Tan: floatUnary('Tan'),
  Tanh: floatUnary('Tanh'),

  Add: binary('AddV2'),
  Atan2: floatBinary('Atan2'),
  FloorDiv: binary('FloorDiv'),
  Maximum: binary('Maximum'),
  Minimum: binary('Minimum'),
  Mod: binary('FloorMod'),
  Multiply: binary('Mul'),
  Pow: binary('Pow'),
  RealDiv: floatBinary('RealDiv'),
  SquaredDifference: binary('SquaredDifference'),
  Sub: binary('Sub'),
  BitwiseAnd: binary('BitwiseAnd'),

  Equal: equality('Equal'),
  NotEqual: equality('NotEqual'),
  Greater: ordering('Greater'),
  GreaterEqual: ordering('GreaterEqual'),
  Less: ordering('Less'),
  LessEqual: ordering('LessEqual'),
  LogicalAnd: logical('LogicalAnd'),
  LogicalOr: logical('LogicalOr'),
  LogicalXor: equality('NotEqual'),
  LogicalNot: (scope, inputs) => scope.op('LogicalNot', [scope.cast(scope.in(input(inputs, 'x')), DataTypeCode.Bool)]),

  AddN: (scope, inputs) => scope.op('AddN', [inputList(inputs).map((info) => scope.toNumber(scope.in(info)))]),
  ClipByValue: (scope, inputs, { clipValueMin, clipValueMax }: { clipValueMin: number; clipValueMax: number }) => {
    const x = scope.toNumber(scope.in(input(inputs, 'x')));
    const y = scope.op('ClipByValue', [x, scope.scalar(clipValueMin, x.dtype), scope.scalar(clipValueMax, x.dtype)]);
    return x.dtype === DataTypeCode.Float ? keepNaN(scope, x, y) : y;
  },

  Complex: (scope, inputs) => scope.op('Complex', [scope.in(input(inputs, 'real')), scope.in(input(inputs, 'imag'))]),
  ComplexAbs: (scope, inputs) => scope.op('ComplexAbs', [scope.in(input(inputs, 'x'))]),
  Real: complexParts('Real'),
  Imag: complexParts('Imag'),
};
