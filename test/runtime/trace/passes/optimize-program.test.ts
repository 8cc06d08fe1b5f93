/** What the passes over a recorded program remove and replace, and what they must keep. */
import type { Handle, OpInput } from '../../../../src/runtime/tensorflow/op-executor.js';
import type { HostConstant, Program, RecordedOperation } from '../../../../src/runtime/trace/program.js';

import { describe, expect, test } from 'vitest';

import { attributes, bool, NO_ATTRIBUTES } from '../../../../src/runtime/tensorflow/attributes.js';
import { DataTypeCode } from '../../../../src/runtime/tensorflow/data-types-table.js';
import { optimizeProgram } from '../../../../src/runtime/trace/passes/optimize-program.js';

const value = (shape: number[], dtype: DataTypeCode = DataTypeCode.Float): Handle => ({
  shape,
  dtype,
  isDisposed: false,
  dispose: () => undefined,
});

/** Writes programs. */
class Writer {
  readonly operations: RecordedOperation[] = [];
  readonly constants = new Map<Handle, HostConstant>();

  op(
    op: string,
    inputs: OpInput[],
    shape: number[],
    dtype: DataTypeCode = DataTypeCode.Float,
    set = NO_ATTRIBUTES,
  ): Handle {
    const output = value(shape, dtype);
    this.operations.push({ op, attributes: set, inputs, outputs: [output] });
    return output;
  }

  constant(...values: number[]): Handle {
    const handle = value(values.length === 1 ? [] : [values.length]);
    this.constants.set(handle, { handle, values: Float32Array.from(values) });
    return handle;
  }

  /** The ops that the backend composes `tf.step(x)` from. */
  step(x: Handle): Handle {
    const positive = this.op('Greater', [x, this.constant(0)], [...x.shape], DataTypeCode.Bool);
    const step = this.op('SelectV2', [positive, this.constant(1), this.constant(0)], [...x.shape]);
    return this.op('SelectV2', [this.op('IsNan', [x], [...x.shape], DataTypeCode.Bool), x, step], [...x.shape]);
  }

  program(parameters: Handle[], results: Handle[]): Program {
    return { operations: this.operations, parameters, constants: this.constants, results };
  }
}

const ops = ({ operations }: Program): string[] => operations.map(({ op }) => op);

describe('removes ops that change nothing', () => {
  const x = value([2, 3]);

  test.each([
    ['a copy', (w: Writer) => w.op('Identity', [x], [2, 3])],
    ['a reshape to the same shape', (w: Writer) => w.op('Reshape', [x, w.constant(2, 3)], [2, 3])],
    ['a cast to the same type', (w: Writer) => w.op('Cast', [x], [2, 3])],
    ['a product with 1', (w: Writer) => w.op('Mul', [w.constant(1), x], [2, 3])],
    ['a sum with 0', (w: Writer) => w.op('AddV2', [x, w.constant(0)], [2, 3])],
    ['a quotient by 1', (w: Writer) => w.op('RealDiv', [x, w.constant(1)], [2, 3])],
  ])('%s', (_, write) => {
    const writer = new Writer();
    const optimized = optimizeProgram(writer.program([x], [write(writer)]));
    expect(optimized.operations).toEqual([]);
    expect(optimized.results).toEqual([x]);
  });

  test.each([
    ['a cast to another type', (w: Writer) => w.op('Cast', [x], [2, 3], DataTypeCode.Int32)],
    ['a product with 1 that broadcasts', (w: Writer) => w.op('Mul', [x, w.constant(1, 1, 1)], [4, 2, 3])],
    ['a quotient of 1', (w: Writer) => w.op('RealDiv', [w.constant(1), x], [2, 3])],
    ['a difference from 0', (w: Writer) => w.op('Sub', [w.constant(0), x], [2, 3])],
  ])('but not %s', (_, write) => {
    const writer = new Writer();
    expect(optimizeProgram(writer.program([x], [write(writer)])).operations).toHaveLength(1);
  });

  test('keeps the last of several reshapes', () => {
    const writer = new Writer();
    const first = writer.op('Reshape', [x, writer.constant(6, 1)], [6, 1]);
    const last = writer.op('Reshape', [first, writer.constant(3, 2)], [3, 2]);
    const optimized = optimizeProgram(writer.program([x], [last]));
    expect(ops(optimized)).toEqual(['Reshape']);
    expect(optimized.operations[0]?.inputs[0]).toBe(x);
  });
});

describe('computes equal values once', () => {
  const x = value([2]);

  test('the same op on the same values, with constants compared by value', () => {
    const writer = new Writer();
    const [one, other] = [
      writer.op('Mul', [x, writer.constant(3)], [2]),
      writer.op('Mul', [x, writer.constant(3)], [2]),
    ];
    const sum = writer.op('AddV2', [one, other], [2]);
    expect(ops(optimizeProgram(writer.program([x], [sum])))).toEqual(['Mul', 'AddV2']);
  });

  test('but not with another constant, another attribute or a zero of the other sign', () => {
    const writer = new Writer();
    const products = [3, 4, 0, -0].map((number) => writer.op('Mul', [x, writer.constant(number)], [2]));
    const casts = [true, false].map((truncate) =>
      writer.op('Cast', [x], [2], DataTypeCode.Int32, attributes(bool('Truncate', truncate))),
    );
    expect(ops(optimizeProgram(writer.program([x], [...products, ...casts])))).toHaveLength(6);
  });

  test('but never a collective', () => {
    const writer = new Writer();
    const reduced = [0, 1].map(() => writer.op('CollectiveReduceV2', [x], [2]));
    expect(ops(optimizeProgram(writer.program([x], reduced)))).toHaveLength(2);
  });
});

describe('gradients', () => {
  const [x, upstream] = [value([2, 3]), value([2, 3])];

  test('of relu become ReluGrad on the result of relu', () => {
    const writer = new Writer();
    const relu = writer.op('Relu', [x], [2, 3]);
    const gradient = writer.op('Mul', [upstream, writer.step(x)], [2, 3]);
    const optimized = optimizeProgram(writer.program([x, upstream], [relu, gradient]));
    expect(ops(optimized)).toEqual(['Relu', 'ReluGrad']);
    expect(optimized.operations[1]?.inputs).toEqual([upstream, relu]);
  });

  test('a step function that is used in another way remains', () => {
    const writer = new Writer();
    const step = writer.step(x);
    expect(ops(optimizeProgram(writer.program([x], [step])))).toContain('SelectV2');
  });

  test('of a clipped value need one comparison', () => {
    const writer = new Writer();
    const [lower, upper] = [writer.constant(0), writer.constant(1)];
    const clipped = writer.op('ClipByValue', [x, lower, upper], [2, 3]);
    const from = writer.op('GreaterEqual', [x, lower], [2, 3], DataTypeCode.Bool);
    const to = writer.op('LessEqual', [x, upper], [2, 3], DataTypeCode.Bool);
    const mask = writer.op('LogicalAnd', [from, to], [2, 3], DataTypeCode.Bool);
    expect(ops(optimizeProgram(writer.program([x], [clipped, mask])))).toEqual(['ClipByValue', 'Equal']);
  });

  test('of a value that is clipped to other bounds remain', () => {
    const writer = new Writer();
    const clipped = writer.op('ClipByValue', [x, writer.constant(0), writer.constant(2)], [2, 3]);
    const from = writer.op('GreaterEqual', [x, writer.constant(0)], [2, 3], DataTypeCode.Bool);
    const to = writer.op('LessEqual', [x, writer.constant(1)], [2, 3], DataTypeCode.Bool);
    const mask = writer.op('LogicalAnd', [from, to], [2, 3], DataTypeCode.Bool);
    expect(ops(optimizeProgram(writer.program([x], [clipped, mask])))).toContain('LogicalAnd');
  });
});

test('a bias after a product is added by BiasAdd, any other vector by AddV2', () => {
  const writer = new Writer();
  const [x, kernel, bias] = [value([2, 3]), value([3, 4]), value([4])];
  const product = writer.op('MatMul', [x, kernel], [2, 4]);
  const biased = writer.op('AddV2', [product, bias], [2, 4]);
  const shifted = writer.op('AddV2', [biased, bias], [2, 4]);
  expect(ops(optimizeProgram(writer.program([x, kernel, bias], [shifted])))).toEqual(['MatMul', 'BiasAdd', 'AddV2']);
});

describe('a sum over all axes but the last', () => {
  const x = value([2, 3, 4]);
  const sum = (axes: number[], shape: number[], dtype = DataTypeCode.Float): string[] => {
    const writer = new Writer();
    const from = dtype === DataTypeCode.Float ? x : value([2, 3, 4], dtype);
    return ops(
      optimizeProgram(writer.program([from], [writer.op('Sum', [from, writer.constant(...axes)], shape, dtype)])),
    );
  };

  test.each([[[0, 1]], [[1, 0]], [[-2, 0]]])('%j is the gradient of a bias', (axes) => {
    expect(sum(axes, [4])).toEqual(['BiasAddGrad']);
  });

  test('any other sum remains', () => {
    expect(sum([1, 2], [2])).toEqual(['Sum']);
    expect(sum([0, -1], [3])).toEqual(['Sum']);
    expect(sum([0, 1], [1, 1, 4])).toEqual(['Sum']);
    expect(sum([0], [3, 4])).toEqual(['Sum']);
    expect(sum([0, 1], [4], DataTypeCode.Int32)).toEqual(['Sum']);
  });
});

describe('a product with ones that broadcasts a value', () => {
  const [row, x] = [value([1, 3]), value([2, 3])];
  const ones = (writer: Writer): Handle => {
    const handle = value([2, 3]);
    writer.constants.set(handle, { handle, values: new Float32Array(6).fill(1) });
    return handle;
  };

  test('becomes a broadcast, or nothing', () => {
    const writer = new Writer();
    const optimized = optimizeProgram(writer.program([row], [writer.op('Mul', [row, ones(writer)], [2, 3])]));
    expect(ops(optimized)).toEqual(['BroadcastTo']);
    expect(optimized.constants.size).toBe(0);
    expect([...((optimized.operations[0]?.inputs[1] as Handle).constantValue as Int32Array)]).toEqual([2, 3]);
  });

  test.each(['Mul', 'AddV2', 'Sub', 'RealDiv'])('is left to a %s that has the larger shape anyway', (op) => {
    const writer = new Writer();
    const spread = writer.op('Mul', [ones(writer), row], [2, 3]);
    const optimized = optimizeProgram(writer.program([row, x], [writer.op(op, [spread, x], [2, 3])]));
    expect(ops(optimized)).toEqual([op]);
    expect(optimized.operations[0]?.inputs).toEqual([row, x]);
  });

  test('remains where no other operand has the larger shape, and where both operands are broadcast', () => {
    const writer = new Writer();
    const column = value([2, 1]);
    const spread = writer.op('Mul', [row, ones(writer)], [2, 3]);
    expect(ops(optimizeProgram(writer.program([row, column], [writer.op('Mul', [spread, column], [2, 3])])))).toEqual([
      'BroadcastTo',
      'Mul',
    ]);
  });
});
