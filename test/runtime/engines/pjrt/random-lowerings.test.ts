/** Random numbers that XLA draws: their distribution, and what they depend on. */
import { expect, it } from 'vitest';

import { lowerPrograms } from '../../../../src/runtime/engines/pjrt/lowering/lower-program.js';
import { PjrtClient } from '../../../../src/runtime/pjrt/pjrt-client.js';
import { awaitEvent } from '../../../../src/runtime/pjrt/pjrt-event.js';
import { attributes, type } from '../../../../src/runtime/tensorflow/attributes.js';
import { DataTypeCode } from '../../../../src/runtime/tensorflow/data-types-table.js';
import { newHandle, type Program } from '../../../../src/runtime/trace/program.js';
import { describeWithPjrt, PJRT_PLUGIN } from '../../pjrt/describe-with-pjrt.js';

const COUNT = 40_001;

/** A program that draws numbers from a key and the counter that it gets. */
function drawing(op: string, key: bigint): Program {
  const constant = (dtype: DataTypeCode, shape: number[], constantValue: Int32Array | BigUint64Array) =>
    newHandle({ dtype, shape, constantValue });
  const counter = newHandle({ dtype: DataTypeCode.UInt64, shape: [2] });
  const drawn = newHandle({ dtype: DataTypeCode.Float, shape: [COUNT] });
  const inputs = [
    constant(DataTypeCode.Int32, [1], Int32Array.of(COUNT)),
    constant(DataTypeCode.UInt64, [1], BigUint64Array.of(key)),
    counter,
    constant(DataTypeCode.Int32, [], Int32Array.of(1)),
  ];
  return {
    operations: [{ op, attributes: attributes(type('dtype', DataTypeCode.Float)), inputs, outputs: [drawn] }],
    parameters: [counter],
    constants: new Map(),
    results: [drawn],
  };
}

describeWithPjrt('random numbers on XLA', () => {
  const client = PJRT_PLUGIN && new PjrtClient(PJRT_PLUGIN.path, { cpuDevices: 1 });

  function draw(op: string, key: bigint, step: bigint): number[] {
    if (client === undefined) throw new Error('no plugin');
    const program = drawing(op, key);
    const device = client.deviceAt(0);
    const executable = client.compile({
      text: lowerPrograms([{ program, captures: [] }], { replicas: 1 }),
      results: program.results,
      devices: [device],
    });
    const counter = client.upload(BigUint64Array.of(0n, step), { dtype: DataTypeCode.UInt64, shape: [2] }, device);
    const { results, events } = executable.launch([[counter]]);
    for (const event of events) awaitEvent(client.api, event);
    return Array.from((results[0]?.[0]?.readSync() ?? []) as Float32Array);
  }

  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = (values: readonly number[]): number => {
    const center = mean(values);
    return Math.sqrt(mean(values.map((value) => (value - center) ** 2)));
  };

  it.each([
    // The deviation of a uniform distribution, and of a normal one that ends at two deviations.
    ['StatelessRandomUniformV2', 0.5, Math.sqrt(1 / 12), 0, 1],
    ['StatelessRandomNormalV2', 0, 1, -7, 7],
    ['StatelessTruncatedNormalV2', 0, 0.8796, -2, 2],
  ])('%s', (op, center, spread, least, most) => {
    const values = draw(op, 5n, 3n);
    expect(Math.abs(mean(values) - center)).toBeLessThan(0.02);
    expect(Math.abs(deviation(values) - spread)).toBeLessThan(0.02);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...values)).toBeLessThanOrEqual(most);
    expect(new Set(values).size).toBeGreaterThan(COUNT * 0.95);
  });

  it('depend on the key and on the step, and on nothing else', () => {
    const op = 'StatelessRandomUniformV2';
    const values = draw(op, 5n, 3n);
    expect(draw(op, 5n, 3n)).toEqual(values);
    expect(draw(op, 5n, 4n).slice(0, 9)).not.toEqual(values.slice(0, 9));
    expect(draw(op, 6n, 3n).slice(0, 9)).not.toEqual(values.slice(0, 9));
  });
});
