import { beforeAll, describe, expect, it } from 'vitest';

import { ErrorCode } from '../../../src/errors/error-code.js';
import { MirrorscopeError } from '../../../src/errors/mirrorscope-error.js';
import {
  attributes,
  bool,
  int,
  intList,
  NO_ATTRIBUTES,
  string,
  stringList,
  type,
} from '../../../src/runtime/tensorflow/attributes.js';
import { DataTypeCode } from '../../../src/runtime/tensorflow/data-types-table.js';
import { EagerExecutor } from '../../../src/runtime/tensorflow/eager-executor.js';
import { type Handle } from '../../../src/runtime/tensorflow/op-executor.js';
import { RuntimeSession } from '../../../src/runtime/tensorflow/runtime-session.js';
import { TensorFlowError } from '../../../src/runtime/tensorflow/status.js';
import { StatusCode } from '../../../src/runtime/tensorflow/status-code.js';
import { type TensorHandle } from '../../../src/runtime/tensorflow/tensor-handle.js';

import { describeWithTensorFlow } from './describe-with-tensorflow.js';

const FLOAT = DataTypeCode.Float;
const utf8 = new TextEncoder();

let session: RuntimeSession;
let executor: EagerExecutor;

beforeAll(() => {
  session = new RuntimeSession();
  session.configure({ cpuDevices: 2 }, 'Virtual devices');
});

function floats(values: number[], shape: number[] = [values.length]): TensorHandle {
  return executor.fromHost(Float32Array.from(values), shape, FLOAT);
}

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describeWithTensorFlow('the eager executor', () => {
  beforeAll(() => {
    executor = session.executor;
  });

  it('runs an op with attributes, and knows shape and type of the result', () => {
    const a = floats([1, 2, 3, 4, 5, 6], [2, 3]);
    const product = executor.execute1('MatMul', attributes(bool('transpose_b', true)), [a, a]);
    expect(product.shape).toEqual([2, 2]);
    expect(product.dtype).toBe(FLOAT);
    expect(executor.readSync(product)).toEqual(Float32Array.of(14, 32, 32, 77));
  });

  it('accepts list inputs and returns several outputs', () => {
    const parts = executor.execute(
      'Split',
      attributes(int('num_split', 3)),
      [executor.constant([0], [], DataTypeCode.Int32), floats([1, 2, 3])],
      3,
    );
    expect(parts).toHaveLength(3);
    const joined = executor.execute1('ConcatV2', NO_ATTRIBUTES, [
      [...parts].reverse(),
      executor.constant([0], [], DataTypeCode.Int32),
    ]);
    expect(executor.readSync(joined)).toEqual(Float32Array.of(3, 2, 1));
  });

  it('caches attributes of different kinds separately', () => {
    const x = floats([1, 2, 3, 4], [1, 2, 2, 1]);
    const pool = (ksize: number[]) =>
      executor.execute1(
        'MaxPool',
        attributes(intList('ksize', ksize), intList('strides', [1, 1, 1, 1]), string('padding', 'VALID')),
        [x],
      ).shape;
    expect(pool([1, 2, 2, 1])).toEqual([1, 1, 1, 1]);
    expect(pool([1, 1, 2, 1])).toEqual([1, 2, 1, 1]);
    expect(pool([1, 2, 2, 1])).toEqual([1, 1, 1, 1]);
    const ragged = executor.execute1(
      'RaggedTensorToTensor',
      attributes(stringList('row_partition_types', ['ROW_SPLITS'])),
      [
        executor.constant([-1, -1], [2], DataTypeCode.Int32),
        floats([1, 2, 3]),
        floats([0], []),
        [executor.constant([0, 1, 3], [3], DataTypeCode.Int32)],
      ],
    );
    expect(executor.readSync(ragged)).toEqual(Float32Array.of(1, 0, 2, 3));
  });

  it.each([
    [DataTypeCode.Double, Float64Array.of(1.5, -2)],
    [DataTypeCode.Int64, BigInt64Array.of(2n ** 60n, -3n)],
    [DataTypeCode.UInt8, Uint8Array.of(0, 255)],
    [DataTypeCode.Int16, Int16Array.of(-300, 7)],
    [DataTypeCode.Complex64, Float32Array.of(1, 2, 3, 4)],
  ])('carries type %i unharmed', (dtype, values) => {
    const handle = executor.fromHost(values, [2], dtype);
    expect(executor.readSync(executor.execute1('Identity', NO_ATTRIBUTES, [handle]))).toEqual(values);
  });

  it('copies short, long and empty strings, and strings with zero bytes, there and back', async () => {
    const values = ['', 'a', 'x'.repeat(500), 'nul\0inside', 'żółć'].map((text) => utf8.encode(text));
    const handle = executor.fromHost(values, [5], DataTypeCode.String);
    expect(executor.readSync(handle)).toEqual(values);
    expect(await executor.read(handle)).toEqual(values);
  });

  it('interns constants, and ignores their disposal', () => {
    const first = executor.constant([0, 1], [2], DataTypeCode.Int32);
    expect(executor.constant([0, 1], [2], DataTypeCode.Int32)).toBe(first);
    expect(executor.constant([0, 1], [2, 1], DataTypeCode.Int32)).not.toBe(first);
    expect(executor.constant([1], [], DataTypeCode.Int32).shape).toEqual([]);
    expect(executor.constant([1], [1], DataTypeCode.Int32).shape).toEqual([1]);
    first.dispose();
    expect(first.isDisposed).toBe(false);
  });

  it('reads without blocking the event loop, even if the tensor is disposed meanwhile', async () => {
    const count = 1 << 20;
    const handle = executor.execute1('Fill', NO_ATTRIBUTES, [
      executor.constant([count], [1], DataTypeCode.Int32),
      executor.constant([3], [], FLOAT),
    ]);
    const reading = executor.read(handle);
    handle.dispose();
    expect(handle.isDisposed).toBe(true);
    const values = (await reading) as Float32Array;
    expect(values.length).toBe(count);
    expect(values.every((value) => value === 3)).toBe(true);
  });

  it('supports any number of concurrent reads', async () => {
    const handles = Array.from({ length: 2000 }, (_unused, index) => floats([index]));
    const values = await Promise.all(handles.map((handle) => executor.read(handle)));
    expect(values.map((value) => (value as Float32Array)[0])).toEqual(handles.map((_handle, index) => index));
    for (const handle of handles) handle.dispose();
  });

  it('places ops on a device', () => {
    const second = session.context.devices[1];
    const onSecond = new EagerExecutor(session.context, { device: second });
    const sum = onSecond.execute1('AddV2', NO_ATTRIBUTES, [floats([1]), floats([2])]);
    expect(sum.deviceName).toBe(second?.name);
    expect(onSecond.readSync(sum)).toEqual(Float32Array.of(3));
  });

  it('runs on an asynchronous queue, and reports its errors when someone waits for it', async () => {
    const queue = session.context.newQueue(true);
    const queued = new EagerExecutor(session.context, { queue });
    const sum = queued.execute1('AddV2', NO_ATTRIBUTES, [floats([1]), floats([2])]);
    await session.context.waitForQueueAsync(queue);
    expect(queued.readSync(sum)).toEqual(Float32Array.of(3));
    const check = queued.execute1('CheckNumerics', attributes(string('message', 'here')), [floats([NaN])]);
    expect(() => {
      session.context.waitForQueue(queue);
    }).toThrow(/NaN/);
    check.dispose();
    expect(queued.readSync(queued.execute1('Neg', NO_ATTRIBUTES, [sum]))).toEqual(Float32Array.of(-3));
  });
});

describeWithTensorFlow('the eager executor, given invalid input,', () => {
  beforeAll(() => {
    executor = session.executor;
  });

  it('reports TensorFlow’s message, code and op, and stays usable', () => {
    const error = caught(() =>
      executor.execute1('MatMul', NO_ATTRIBUTES, [floats([1, 2], [1, 2]), floats([1, 2, 3], [1, 3])]),
    );
    expect(error).toBeInstanceOf(TensorFlowError);
    expect(error).toMatchObject({
      code: ErrorCode.TensorFlow,
      status: StatusCode.InvalidArgument,
      operation: 'MatMul',
    });
    expect((error as Error).message).toContain('Matrix size-incompatible');
    expect(executor.readSync(executor.execute1('Neg', NO_ATTRIBUTES, [floats([1])]))).toEqual(Float32Array.of(-1));
  });

  it('rejects an op that does not exist', () => {
    expect(caught(() => executor.execute1('NoSuchOp', NO_ATTRIBUTES, []))).toMatchObject({
      code: ErrorCode.TensorFlow,
      status: StatusCode.NotFound,
    });
  });

  it('rejects an input of the wrong type', () => {
    const inputs: Handle[] = [floats([1]), executor.fromHost(Int32Array.of(1), [1], DataTypeCode.Int32)];
    expect(caught(() => executor.execute1('AddV2', NO_ATTRIBUTES, inputs))).toMatchObject({
      status: StatusCode.InvalidArgument,
    });
  });

  it('rejects a disposed tensor, as an input and for reading', () => {
    const disposed = floats([1]);
    disposed.dispose();
    disposed.dispose();
    expect(caught(() => executor.execute1('Neg', NO_ATTRIBUTES, [disposed]))).toMatchObject({
      code: ErrorCode.InvalidArgument,
    });
    expect(caught(() => executor.readSync(disposed))).toMatchObject({ code: ErrorCode.InvalidArgument });
  });

  it('rejects values that do not fill the shape', () => {
    expect(caught(() => executor.fromHost(Float32Array.of(1, 2), [3], FLOAT))).toBeInstanceOf(MirrorscopeError);
  });

  it('reports a tensor larger than memory', () => {
    const one = executor.constant([1], [], FLOAT);
    const constant = executor.constant([2 ** 30, 2 ** 20], [2], DataTypeCode.Int64);
    const error = caught(() => executor.execute1('Fill', NO_ATTRIBUTES, [constant, one]));
    expect(error).toMatchObject({
      code: ErrorCode.InvalidArgument,
      message: expect.stringMatching(/^Fill: a float32 tensor of \d+ elements/) as string,
    });
    // The executor does not know the values of this shape; TensorFlow reports it.
    const computed = executor.fromHost(BigInt64Array.of(2n ** 30n, 2n ** 20n), [2], DataTypeCode.Int64);
    const reported = caught(() => executor.execute1('Fill', NO_ATTRIBUTES, [computed, one]));
    expect(reported).toMatchObject({ code: ErrorCode.TensorFlow, status: StatusCode.ResourceExhausted });
  });

  it('accepts empty tensors, NaN and rank 8', () => {
    const empty = executor.fromHost(new Float32Array(0), [0, 3], FLOAT);
    expect(executor.readSync(executor.execute1('Neg', NO_ATTRIBUTES, [empty]))).toEqual(new Float32Array(0));
    expect(executor.readSync(executor.execute1('Neg', NO_ATTRIBUTES, [floats([NaN])]))).toEqual(Float32Array.of(NaN));
    const deep = floats([1, 2], [1, 1, 1, 1, 1, 1, 1, 2]);
    expect(executor.execute1('Neg', NO_ATTRIBUTES, [deep]).shape).toEqual([1, 1, 1, 1, 1, 1, 1, 2]);
    expect(caught(() => floats([1], Array<number>(300).fill(1)))).toMatchObject({ code: ErrorCode.InvalidArgument });
  });

  it('resolves device names, and rejects unknown ones', () => {
    expect(caught(() => session.context.resolveDevice('GPU:7'))).toMatchObject({ code: ErrorCode.UnknownDevice });
    for (const name of ['CPU:1', 'cpu:1', '/CPU:1', '/device:CPU:1', '/job:localhost/replica:0/task:0/device:CPU:1']) {
      expect(session.context.resolveDevice(name).name).toMatch(/CPU:1$/);
    }
  });
});

describeWithTensorFlow('the memory of the process', () => {
  it('stays flat over 300,000 ops, some of which fail', () => {
    executor = session.executor;
    const a = floats([1, 2, 3, 4]);
    const wrong = floats([1, 2, 3]);
    const text = [utf8.encode('a string that is too long to be kept inside a TF_TString')];
    const round = (ops: number): void => {
      for (let index = 0; index < ops; index++) {
        executor.execute1('AddV2', NO_ATTRIBUTES, [a, a]).dispose();
        if (index % 100 === 0) {
          caught(() => executor.execute1('AddV2', NO_ATTRIBUTES, [a, wrong]));
          executor.fromHost(text, [1], DataTypeCode.String).dispose();
          executor.execute1('Cast', attributes(type('DstT', DataTypeCode.Int32)), [a]).dispose();
        }
      }
    };
    round(20_000);
    const handles = session.context.handles.alive;
    const before = process.memoryUsage().rss;
    round(300_000);
    expect(session.context.handles.alive).toBe(handles);
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(24);
  });
});

describe('a machine without TensorFlow', () => {
  it('gets an error that names the places that were searched', () => {
    const lost = new RuntimeSession();
    Object.defineProperty(lost, 'located', {
      value: {
        files: undefined,
        attempts: [{ source: '.venv', place: '/somewhere/.venv', outcome: 'missing', detail: '' }],
      },
    });
    expect(caught(() => lost.context)).toMatchObject({
      code: ErrorCode.EngineUnavailable,
      message: expect.stringContaining('/somewhere/.venv') as string,
    });
  });
});
