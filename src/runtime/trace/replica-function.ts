/**
 * One replica's part of a step as a TensorFlow function: what it is fed at each call, what it reads, what it writes.
 * Made from recordings; touches tfjs variables only to read their handles.
 */
import type { Optimizer, Tensor, Variable } from '@tensorflow/tfjs';

import { DataTypeCode } from '../tensorflow/data-types-table.js';
import type { Handle } from '../tensorflow/op-executor.js';
import type { TensorHandle } from '../tensorflow/tensor-handle.js';
import { compareRecordings } from './compare-recordings.js';
import { ConcreteFunction } from './concrete-function.js';
import { drawOnDevice, type RandomFunctions } from './device-random.js';
import { heldTensors, learningRateOf, withLearningRate, withoutAdvancing } from './optimizer-state.js';
import type { HostConstant, Program } from './program.js';
import { pruneDeadOperations } from './prune.js';
import { type AllReduce, RecordedAllReduce, type ReduceGroup } from './recorded-all-reduce.js';
import { recordFunction, type Recording, type RecordingPlace } from './record-function.js';
import { UntraceableError } from './untraceable-error.js';

/** The code of a step. Returns tensors; may write variables. */
export type StepBody = (data: readonly Tensor[], allReduce: AllReduce) => readonly Tensor[];

/** What a step is recorded with. */
export interface ReplicaFunctionOptions {
  readonly place: RecordingPlace;
  readonly core: RandomFunctions;
  readonly name: string;
  readonly group: ReduceGroup;
  /** For random operations without a seed of their own. */
  readonly seed: number;
  /** The optimizer that the step uses, if it trains. */
  readonly optimizer: Optimizer | undefined;
  readonly data: readonly Tensor[];
  readonly body: StepBody;
}

/** Where a captured value comes from at each call. */
export type Capture =
  | { readonly kind: 'variable'; readonly variable: Variable }
  | { readonly kind: 'held'; readonly member: string }
  | { readonly kind: 'constant'; readonly handle: TensorHandle };

/** A recorded step of one replica. */
export interface ReplicaFunction {
  readonly function: ConcreteFunction;
  /** After the data: the random counter, the first instance key, then the learning rate times each of these. */
  readonly learningRateFactors: readonly number[];
  readonly captures: readonly Capture[];
  /** The variables whose new values follow the results. */
  readonly writes: readonly Variable[];
  readonly resultCount: number;
  /** Shapes and element types of the results and of the writes. */
  readonly outputs: readonly Pick<Handle, 'shape' | 'dtype'>[];
  readonly collectives: number;
  /** How far one step advances each host number of the optimizer. */
  readonly advanced: ReadonlyMap<string, number>;
  dispose(): void;
}

interface StepRecording {
  readonly recording: Recording;
  readonly parameters: readonly Handle[];
  readonly collectives: number;
  readonly advanced: ReadonlyMap<string, number>;
}

function recordOnce(options: ReplicaFunctionOptions, parameters: readonly Handle[]): StepRecording {
  const { place, core, group, seed, optimizer, data, body } = options;
  const { backend, tf } = place;
  const [counter, keyBase] = parameters.slice(data.length) as [Handle, Handle];
  const unrecorded = backend.executor;
  let collectives = 0;
  const run = (): Recording =>
    recordFunction(place, (recorder) => {
      const random = drawOnDevice({ tf, backend, core, seed, counter });
      try {
        const allReduce = new RecordedAllReduce({ backend, recorder, unrecorded, group, keyBase });
        const results = body(data, allReduce);
        collectives = allReduce.collectives;
        return results;
      } finally {
        random.undo();
      }
    });
  if (optimizer === undefined) return { recording: run(), parameters, collectives, advanced: new Map() };
  const { result, advanced } = withoutAdvancing(optimizer, run);
  return { recording: result, parameters, collectives, advanced };
}

function variableCount({ tf }: RecordingPlace): number {
  return Object.keys((tf.engine() as unknown as { registeredVariables: object }).registeredVariables).length;
}

/** A single number that is the learning rate times a constant. */
function factorOf(constant: HostConstant, rate: number): number | undefined {
  const [value] = constant.values;
  if (constant.values.length !== 1 || typeof value !== 'number') return undefined;
  const factor = value / rate;
  // The constant was rounded to 32 bits; the factor meant is mostly -1.
  return Math.abs(factor - Math.round(factor)) < 1e-6 ? Math.round(factor) : factor;
}

/**
 * Records until nothing new appears (an optimizer makes its slots in its first step), then once more with another learning
 * rate, which shows which constants are that rate.
 */
function recordStep(options: ReplicaFunctionOptions, parameters: readonly Handle[]): { step: StepRecording; rates: Map<Handle, number> } {
  const { place, optimizer } = options;
  const before = variableCount(place);
  let step = recordOnce(options, parameters);
  if (optimizer === undefined) return { step, rates: new Map() };
  if (variableCount(place) !== before) step = recordOnce(options, parameters);

  const rate = learningRateOf(optimizer) ?? 0;
  const otherRate = rate === 0 ? 1 : rate * 2;
  const other =
    learningRateOf(optimizer) === undefined
      ? recordOnce(options, parameters)
      : withLearningRate(optimizer, otherRate, () => recordOnce(options, parameters));
  const difference = compareRecordings(step.recording, other.recording);
  if (difference.kind === 'structure') throw new UntraceableError(difference.at, 'is not the same in two runs of one step');
  const rates = new Map<Handle, number>();
  for (const { first, second } of difference.changed) {
    const factor = factorOf(second, otherRate);
    const expected = factor === undefined ? Number.NaN : factor * rate;
    const value = Number(first.values[0]);
    if (factor === undefined || Math.abs(value - expected) > 1e-6 * Math.max(1e-30, Math.abs(expected))) {
      throw new UntraceableError('a host value', 'is computed anew in each step and differs between two runs of one step');
    }
    rates.set(second.handle, factor);
  }
  return { step: other, rates };
}

/** Records a step and makes it a function. @throws UntraceableError when it does what a recording cannot hold. */
export function makeReplicaFunction(options: ReplicaFunctionOptions): ReplicaFunction {
  const { place, data, name, optimizer } = options;
  const { backend, context, tf } = place;
  // Each parameter gets a handle of its own, whatever the caller's tensors share.
  const separate = data.map((tensor) => backend.tensorOf(context.share(backend.handleOf(tensor) as TensorHandle)));
  const counter = backend.executor.fromHost(new BigUint64Array(2), [2], DataTypeCode.UInt64);
  const keyBase = backend.executor.fromHost(new Int32Array(1), [], DataTypeCode.Int32);
  const parameters = [...separate.map((tensor) => backend.handleOf(tensor)), counter, keyBase];
  try {
    const { step, rates } = recordStep({ ...options, data: separate }, parameters);
    const { recording } = step;
    const constants = new Map([...recording.constants].filter(([handle]) => !rates.has(handle)));
    const writes = [...recording.writes];
    const program: Program = pruneDeadOperations({
      operations: recording.operations,
      parameters: [...parameters, ...rates.keys()],
      constants,
      results: [...recording.results, ...writes.map(([, handle]) => handle)],
    });
    const concrete = new ConcreteFunction(context, name, program);
    const held = new Map(optimizer === undefined ? [] : [...heldTensors(optimizer)].map(([member, tensor]) => [backend.handleOf(tensor), member]));
    const captures = concrete.captures.map((handle): Capture => {
      const variable = recording.variables.get(handle);
      if (variable !== undefined) return { kind: 'variable', variable };
      const member = held.get(handle);
      if (member !== undefined) return { kind: 'held', member };
      return { kind: 'constant', handle: context.share(handle as TensorHandle) };
    });
    return {
      function: concrete,
      learningRateFactors: [...rates.values()],
      captures,
      writes: writes.map(([variable]) => variable),
      resultCount: recording.results.length,
      outputs: program.results.map(({ shape, dtype }) => ({ shape, dtype })),
      collectives: step.collectives,
      advanced: step.advanced,
      dispose() {
        concrete.delete();
        for (const capture of captures) if (capture.kind === 'constant') capture.handle.dispose();
      },
    };
  } finally {
    tf.dispose(separate);
    counter.dispose();
    keyBase.dispose();
  }
}
