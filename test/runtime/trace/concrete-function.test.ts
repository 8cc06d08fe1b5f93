/** A recorded program as one TensorFlow function. */
import type { Handle } from '../../../src/runtime/tensorflow/op-executor.js';

import { describe, expect, it } from 'vitest';

import {
  attributes,
  bool,
  float as float32,
  int,
  NO_ATTRIBUTES,
  string,
} from '../../../src/runtime/tensorflow/attributes.js';
import { DataTypeCode } from '../../../src/runtime/tensorflow/data-types-table.js';
import { EagerExecutor } from '../../../src/runtime/tensorflow/eager-executor.js';
import { ConcreteFunction } from '../../../src/runtime/trace/concrete-function.js';
import { pruneDeadOperations } from '../../../src/runtime/trace/passes/prune.js';
import { RecordingExecutor } from '../../../src/runtime/trace/recording-executor.js';

import { openTestContext } from './tensorflow-context.js';

const context = openTestContext(2);

interface Made {
  readonly step: ConcreteFunction;
  readonly inputs: Handle[];
}

describe.skipIf(context === undefined)('ConcreteFunction', () => {
  const eager = context && new EagerExecutor(context);
  if (context === undefined || eager === undefined) return;
  const float = (values: number[], shape: number[]) =>
    eager.fromHost(Float32Array.from(values), shape, DataTypeCode.Float);

  it('replays a recorded program with other values', () => {
    const recorder = new RecordingExecutor(eager);
    const x = float([1, 2, 3, 4], [2, 2]);
    const captured = float([10], []);
    const product = recorder.execute1('MatMul', attributes(bool('transpose_a', false), bool('transpose_b', true)), [
      x,
      x,
    ]);
    const made = recorder.fromHost(Float32Array.of(0.5), [], DataTypeCode.Float);
    const scaled = recorder.execute1('Mul', NO_ATTRIBUTES, [product, made]);
    recorder.execute1('Exp', NO_ATTRIBUTES, [scaled]);
    const joined = recorder.execute1('ConcatV2', NO_ATTRIBUTES, [
      [scaled, x],
      recorder.constant([0], [], DataTypeCode.Int32),
    ]);
    const sum = recorder.execute1('AddV2', NO_ATTRIBUTES, [joined, captured]);

    const program = pruneDeadOperations({
      operations: recorder.operations,
      parameters: [x],
      constants: recorder.constants,
      results: [sum, x],
    });
    expect(program.operations.map(({ op }) => op)).toEqual(['MatMul', 'Mul', 'ConcatV2', 'AddV2']);

    const step = new ConcreteFunction(context, 'test_replay', program);
    expect(step.captures).toEqual([captured]);
    const [first] = step.call(eager, [x, captured]) as [Handle];
    expect(eager.readSync(first)).toEqual(eager.readSync(sum));
    const [second, passedThrough] = step.call(eager, [float([0, 1, 1, 0], [2, 2]), float([100], [])]) as [
      Handle,
      Handle,
    ];
    expect([...(eager.readSync(second) as Float32Array)]).toEqual([100.5, 100, 100, 100.5, 100, 101, 101, 100]);
    expect([...(eager.readSync(passedThrough) as Float32Array)]).toEqual([0, 1, 1, 0]);
    step.delete();
    expect(() => step.call(eager, [x, captured])).toThrow(/test_replay/);
  });

  it('reduces across two devices inside the function', () => {
    const recorder = new RecordingExecutor(eager);
    const x = float([1, 2], [2]);
    const keys = [2, 7, 1].map((value) => eager.fromHost(Int32Array.of(value), [], DataTypeCode.Int32));
    const reduced = eager.execute1('Identity', NO_ATTRIBUTES, [x]);
    recorder.append(
      'CollectiveReduceV2',
      attributes(
        string('merge_op', 'Add'),
        string('final_op', 'Id'),
        string('communication_hint', 'auto'),
        int('max_subdivs_per_device', -1),
        int('Nordering_token', 0),
      ),
      [x, ...keys],
      [reduced],
    );
    const step = new ConcreteFunction(context, 'test_reduce', {
      operations: recorder.operations,
      parameters: [x, ...keys],
      constants: recorder.constants,
      results: [reduced],
    });
    const executors = context.devices
      .slice(0, 2)
      .map((device) => new EagerExecutor(context, { device, queue: context.newQueue(true) }));
    const inputs = [float([1, 2], [2]), float([10, 20], [2])];
    const results = executors.flatMap((executor, replica) => step.call(executor, [inputs[replica] ?? x, ...keys]));
    for (const result of results) expect([...(eager.readSync(result) as Float32Array)]).toEqual([11, 22]);
  });

  it('runs a collective whose result is unused, because other replicas wait for it', () => {
    const [needed, unneeded] = [true, false].map((isNeeded) => {
      const recorder = new RecordingExecutor(eager);
      const x = float([1, 2], [2]);
      const keys = [2, 8, 2].map((value) => eager.fromHost(Int32Array.of(value), [], DataTypeCode.Int32));
      const reduced = eager.execute1('Identity', NO_ATTRIBUTES, [x]);
      recorder.append(
        'CollectiveReduceV2',
        attributes(
          string('merge_op', 'Add'),
          string('final_op', 'Id'),
          string('communication_hint', 'auto'),
          float32('timeout_seconds', 20),
        ),
        [x, ...keys],
        [reduced],
      );
      const negated = recorder.execute1('Neg', NO_ATTRIBUTES, [x]);
      const program = pruneDeadOperations({
        operations: recorder.operations,
        parameters: [x, ...keys],
        constants: recorder.constants,
        results: [isNeeded ? reduced : negated],
      });
      return { step: new ConcreteFunction(context, `test_unneeded_${isNeeded}`, program), inputs: [x, ...keys] };
    }) as Made[] as [Made, Made];
    const executors = context.devices
      .slice(0, 2)
      .map((device) => new EagerExecutor(context, { device, queue: context.newQueue(true) })) as [
      EagerExecutor,
      EagerExecutor,
    ];
    const [result] = needed.step.call(executors[0], needed.inputs) as [Handle];
    const [other] = unneeded.step.call(executors[1], unneeded.inputs) as [Handle];
    expect([...(eager.readSync(result) as Float32Array)]).toEqual([2, 4]);
    expect([...(eager.readSync(other) as Float32Array)]).toEqual([-1, -2]);
  });
});
