/** Each lowered op, compiled by the real plugin, against TensorFlow.js on its own backend. */
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { useBackend } from '../../../../src/runtime/backend/install.js';
import { lowerPrograms } from '../../../../src/runtime/engines/pjrt/lowering/lower-program.js';
import { LOWERINGS } from '../../../../src/runtime/engines/pjrt/lowering/lowerings-table.js';
import { PjrtClient } from '../../../../src/runtime/pjrt/pjrt-client.js';
import { awaitEvent } from '../../../../src/runtime/pjrt/pjrt-event.js';
import { simplifyProgram } from '../../../../src/runtime/trace/passes/optimize-program.js';
import { capturesOf, type Program } from '../../../../src/runtime/trace/program.js';
import { RecordingExecutor } from '../../../../src/runtime/trace/recording-executor.js';
import { describeWithPjrt, PJRT_PLUGIN } from '../../pjrt/describe-with-pjrt.js';

import { type LoweringCase } from './lowering-case.js';
import { DIFFERENT_IN_TFJS, LOWERING_CASES } from './lowering-cases-table.js';

/** Ops that other tests compile, or that this package's passes make of others. */
const COVERED_ELSEWHERE = [
  'Add',
  'BiasAddGrad',
  'CollectiveReduceV2',
  'DivNoNan',
  'BitwiseAnd',
  'FusedBatchNormV3',
  'Identity',
  'Pad',
  'Squeeze',
  'StatelessRandomNormalV2',
  'StatelessRandomUniformV2',
  'StatelessTruncatedNormalV2',
];

interface Values {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: number[];
}

const valuesOf = (tensor: tf.Tensor): Values => ({
  shape: tensor.shape,
  dtype: tensor.dtype,
  values: Array.from(tensor.dataSync() as ArrayLike<number | boolean>, Number),
});

/** What TensorFlow.js computes by itself. */
function expected({ inputs, run }: LoweringCase): Values[] {
  void tf.setBackend('cpu');
  return [tf.tidy(() => run(...inputs()))].flat().map(valuesOf);
}

const seen = new Set<string>();

interface Computed {
  readonly ops: string[];
  readonly byXla: Values[];
  /** What TensorFlow computed while the ops were recorded. */
  readonly byTensorFlow: Values[];
}

/** What XLA computes. */
function computed(client: PjrtClient, { inputs, run }: LoweringCase): Computed {
  void tf.setBackend('cpu');
  const given = inputs().map((tensor) => tensor.arraySync());
  const types = inputs().map(({ dtype }) => dtype);
  const backend = useBackend();
  const own = backend.executor;
  const tensors = given.map((values, index) => tf.tensor(values as number[], undefined, types[index]));
  const parameters = tensors.map((tensor) => backend.handleOf(tensor));
  const recorder = new RecordingExecutor(own);
  backend.executor = recorder;
  let program: Program;
  let recorded: tf.Tensor[];
  try {
    recorded = [run(...tensors)].flat();
    const results = recorded.map((tensor) => backend.handleOf(tensor));
    program = { operations: recorder.operations, parameters, constants: recorder.constants, results };
  } finally {
    backend.executor = own;
  }
  const simple = simplifyProgram(program);
  const ops = simple.operations.map(({ op }) => op);
  for (const op of ops) seen.add(op);
  const captures = capturesOf(simple.operations, simple.results, new Set([...parameters, ...simple.constants.keys()]));
  const device = client.deviceAt(0);
  const text = lowerPrograms([{ program: simple, captures }], { replicas: 1 });
  const executable = client.compile({ text, results: simple.results, devices: [device] });
  const uploaded = [...parameters, ...captures].map((handle) =>
    client.upload(own.readSync(handle) as Float32Array, handle, device),
  );
  const { results, events } = executable.launch([uploaded]);
  for (const event of events) awaitEvent(client.api, event);
  const byTensorFlow = recorded.map(valuesOf);
  const byXla = (results[0] ?? []).map((buffer, index) => ({
    shape: buffer.shape,
    dtype: recorded[index]?.dtype ?? '',
    values: Array.from(buffer.readSync() as ArrayLike<number>, Number),
  }));
  executable.dispose();
  return { ops, byXla, byTensorFlow };
}

function expectClose(one: readonly Values[], other: readonly Values[]): void {
  expect(one.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
    other.map(({ shape, dtype }) => ({ shape, dtype })),
  );
  one.forEach(({ values }, index) => {
    const wanted = other[index]?.values ?? [];
    values.forEach((value, place) => {
      const target = wanted[place] ?? NaN;
      const isSame =
        Object.is(value, target) ||
        value === target ||
        Math.abs(value - target) <= 2e-5 * Math.max(1, Math.abs(target));
      if (!isSame) expect({ index, place, value }).toEqual({ index, place, value: target });
    });
  });
}

describeWithPjrt('a lowering', () => {
  let client: PjrtClient;

  beforeAll(() => {
    client = new PjrtClient(PJRT_PLUGIN?.path ?? '', { cpuDevices: 1 });
  });

  afterAll(() => {
    void tf.setBackend('cpu');
  });

  it.each(LOWERING_CASES.map((each) => [each.name, each] as const))('computes %s', (_, lowering) => {
    const wanted = expected(lowering);
    const { ops, byXla, byTensorFlow } = computed(client, lowering);
    expect(ops).toEqual(expect.arrayContaining([...lowering.ops]));
    expectClose(byXla, byTensorFlow);
    if (!DIFFERENT_IN_TFJS.has(lowering.name)) expectClose(byXla, wanted);
  });

  it('is tested for every op that has one', () => {
    const untested = [...LOWERINGS.keys()].filter((op) => !seen.has(op) && !COVERED_ELSEWHERE.includes(op));
    expect(untested).toEqual([]);
  });
});
