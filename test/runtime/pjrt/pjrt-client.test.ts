import { beforeAll, describe, expect, it } from 'vitest';

import { ErrorCode } from '../../../src/errors/error-code.js';
import { PjrtClient } from '../../../src/runtime/pjrt/pjrt-client.js';
import { PjrtError, PjrtStatus } from '../../../src/runtime/pjrt/pjrt-error.js';
import { awaitEvent, waitForEvent } from '../../../src/runtime/pjrt/pjrt-event.js';
import { DataTypeCode } from '../../../src/runtime/tensorflow/data-types-table.js';
import { TENSORFLOW_FILES } from '../tensorflow/describe-with-tensorflow.js';

import { describeWithPjrt, PJRT_PLUGIN } from './describe-with-pjrt.js';

const FLOAT = DataTypeCode.Float;
const path = PJRT_PLUGIN?.path ?? '';

const DOUBLE = `
module @m {
  func.func public @main(%a: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<f32>) {
    %0 = stablehlo.add %a, %a : tensor<2x3xf32>
    %1 = stablehlo.constant dense<7.0> : tensor<f32>
    return %0, %1 : tensor<2x3xf32>, tensor<f32>
  }
}`;

const SUM = `
module @m attributes {mhlo.num_replicas = 2 : i32} {
  func.func public @main(%a: tensor<3xf32>) -> tensor<3xf32> {
    %0 = "stablehlo.all_reduce"(%a) ({
      ^bb0(%x: tensor<f32>, %y: tensor<f32>):
        %s = stablehlo.add %x, %y : tensor<f32>
        stablehlo.return %s : tensor<f32>
    }) {replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<3xf32>) -> tensor<3xf32>
    return %0 : tensor<3xf32>
  }
}`;

function codeOf(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
}

describeWithPjrt('a PJRT client', () => {
  let client: PjrtClient;

  beforeAll(() => {
    client = new PjrtClient(path, { cpuDevices: 3 });
  });

  it('names its platform and its devices', () => {
    expect(client.platform).toBe('cpu');
    expect(client.devices.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(client.api.version.major).toBe(0);
  });

  it('copies values of every element type there and back', async () => {
    const [device] = client.devices;
    if (device === undefined) throw new Error('no device');
    const cases = [
      [Float32Array.of(1.5, -2, 3), FLOAT],
      [Int32Array.of(-1, 2, 3), DataTypeCode.Int32],
      [Uint8Array.of(0, 1, 1), DataTypeCode.Bool],
      [BigInt64Array.of(-1n, 2n, 2n ** 40n), DataTypeCode.Int64],
      [BigUint64Array.of(1n, 2n, 2n ** 63n), DataTypeCode.UInt64],
    ] as const;
    for (const [values, dtype] of cases) {
      const buffer = client.upload(values, { dtype, shape: [3, 1] }, device);
      expect(buffer.readSync()).toEqual(values);
      expect(await buffer.read()).toEqual(values);
      expect(buffer.bytes).toBe(values.byteLength);
      buffer.dispose();
    }
    const empty = client.upload(new Float32Array(0), { dtype: FLOAT, shape: [0, 2] }, device);
    expect(empty.readSync()).toEqual(new Float32Array(0));
    empty.dispose();
  });

  it('runs a program, and frees what it is told to free', async () => {
    const before = client.buffers.alive;
    const device = client.deviceAt(0);
    const types = [
      { dtype: FLOAT, shape: [2, 3] },
      { dtype: FLOAT, shape: [] },
    ];
    const program = client.compile({ text: DOUBLE, results: types, devices: [device] });
    const argument = client.upload(Float32Array.of(1, 2, 3, 4, 5, 6), { dtype: FLOAT, shape: [2, 3] }, device);
    for (let round = 0; round < 3; round++) {
      const { results, events } = program.launch([[argument]]);
      for (const event of events) await waitForEvent(client.api, event);
      expect(results[0]?.map((each) => [...each.readSync()])).toEqual([[2, 4, 6, 8, 10, 12], [7]]);
      for (const each of results.flat()) each.dispose();
    }
    argument.dispose();
    argument.dispose();
    program.dispose();
    program.dispose();
    expect(client.buffers.alive).toBe(before);
  });

  it('adds up values over the devices that it is told to use', () => {
    const devices = [client.deviceAt(2), client.deviceAt(1)];
    const type = { dtype: FLOAT, shape: [3] };
    const program = client.compile({ text: SUM, results: [type], devices });
    const rows = devices.map((device, index) => [client.upload(Float32Array.of(1, 2, 3 + index), type, device)]);
    const { results, events } = program.launch(rows);
    for (const event of events) awaitEvent(client.api, event);
    expect(results.map(([sum]) => [...(sum?.readSync() ?? [])])).toEqual([
      [2, 4, 7],
      [2, 4, 7],
    ]);
    const copy = results[0]?.[0]?.copyTo(client.deviceAt(0));
    expect(copy?.device.index).toBe(0);
    expect([...(copy?.readSync() ?? [])]).toEqual([2, 4, 7]);
  });

  it("reports XLA's message when a program does not compile", () => {
    const compile = (text: string) => () => client.compile({ text, results: [], devices: [client.deviceAt(0)] });
    expect(compile('module @m { nonsense }')).toThrow(/Failed to parse|expected|custom op/);
    expect(codeOf(compile('module @m { nonsense }'))).toBe(ErrorCode.Xla);
    expect(codeOf(compile(DOUBLE.replace('stablehlo.add', 'stablehlo.no_such_op')))).toBe(ErrorCode.Xla);
  });

  it('reports exhausted memory, and lives', () => {
    const device = client.deviceAt(0);
    const text = `module @m { func.func public @main() -> tensor<1099511627776xf32> {
      %0 = stablehlo.constant dense<1.0> : tensor<f32>
      %1 = stablehlo.broadcast_in_dim %0, dims = [] : (tensor<f32>) -> tensor<1099511627776xf32>
      return %1 : tensor<1099511627776xf32> } }`;
    const run = () => {
      const type = { dtype: FLOAT, shape: [1_099_511_627_776] };
      const program = client.compile({ text, results: [type], devices: [device] });
      const { events } = program.launch([[]]);
      for (const event of events) awaitEvent(client.api, event);
    };
    expect(run).toThrow(PjrtError);
    try {
      run();
    } catch (error) {
      expect((error as PjrtError).status).toBe(PjrtStatus.ResourceExhausted);
    }
    expect(client.upload(Float32Array.of(1), { dtype: FLOAT, shape: [] }, device).readSync()).toEqual(
      Float32Array.of(1),
    );
  });

  it('refuses a device that is not there, and values that XLA does not have', () => {
    expect(codeOf(() => client.deviceAt(3))).toBe(ErrorCode.UnknownDevice);
    const type = { dtype: DataTypeCode.String, shape: [1] };
    expect(codeOf(() => client.upload(new Uint8Array(1), type, client.deviceAt(0)))).toBe(ErrorCode.Xla);
  });

  it('has no devices when it is asked for none', () => {
    expect(codeOf(() => new PjrtClient(path, { cpuDevices: 0 }))).toBe(ErrorCode.EngineUnavailable);
  });
});

describe('a library that is no PJRT plugin', () => {
  it.skipIf(TENSORFLOW_FILES === undefined)('is refused when it does not export GetPjrtApi', () => {
    const other = TENSORFLOW_FILES?.paths[0] ?? '';
    expect(codeOf(() => new PjrtClient(other))).toBe(ErrorCode.EngineUnavailable);
    expect(() => new PjrtClient(other)).toThrow('does not export GetPjrtApi');
  });

  it('is refused when it is no library', () => {
    expect(codeOf(() => new PjrtClient(import.meta.filename))).toBe(ErrorCode.EngineUnavailable);
    expect(codeOf(() => new PjrtClient('/no/such/plugin.so'))).toBe(ErrorCode.EngineUnavailable);
  });
});
