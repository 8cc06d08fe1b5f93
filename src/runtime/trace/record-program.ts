/**
 * Records one replica's part of a step, and makes it a program: its parameters, what it captures, what it writes.
 * Touches what recordStep touches; otherwise reads handles of tfjs tensors.
 */
import type { Handle } from '../tensorflow/op-executor.js';
import type { TensorHandle } from '../tensorflow/tensor-handle.js';
import type { LearningRateFeed } from './learning-rates.js';
import type { Pass } from './passes/optimize-program.js';
import type { RecordingEnvironment } from './record-function.js';
import type { RecordedStep, RecordStepOptions, StepCounters } from './record-step.js';
import type { Optimizer, Variable } from '@tensorflow/tfjs';

import { DataTypeCode } from '../tensorflow/data-types-table.js';
import { heldTensors } from '../tfjs/optimizer-members.js';

import { shareLearningRates } from './learning-rates.js';
import { flatInputs, type Program } from './program.js';
import { recordStep } from './record-step.js';
import { asTensorHandle, tensorHandleOf } from './tensor-handles.js';

/** The source of a captured value at each call. */
export type Capture =
  | { readonly kind: 'variable'; readonly variable: Variable }
  | { readonly kind: 'held'; readonly optimizer: Optimizer; readonly member: string }
  | { readonly kind: 'constant'; readonly handle: TensorHandle };

/** The program of a step, and its parameters besides the data. */
export interface StepProgram {
  readonly step: RecordedStep;
  readonly program: Program;
  readonly usesCounter: boolean;
  readonly usesKeys: boolean;
  readonly learningRates: readonly LearningRateFeed[];
}

/**
 * Finds where each captured value comes from.
 *
 * @param environment - Holds the values.
 * @param captures - The values.
 * @param step - The recording that reads them.
 * @returns One source for each value. The caller disposes of the constants.
 */
export function captureSources(
  { backend, context }: RecordingEnvironment,
  captures: readonly Handle[],
  { recording, optimizerSteps }: RecordedStep,
): readonly Capture[] {
  const held = new Map<Handle, Capture>();
  for (const optimizer of optimizerSteps.keys()) {
    for (const [member, tensor] of heldTensors(optimizer))
      held.set(backend.handleOf(tensor), { kind: 'held', optimizer, member });
  }
  return captures.map((handle): Capture => {
    const variable = recording.variables.get(handle);
    if (variable !== undefined) return { kind: 'variable', variable };
    return held.get(handle) ?? { kind: 'constant', handle: context.share(asTensorHandle(handle)) };
  });
}

/** Builds the program of a step from its recording. */
function stepProgram(
  step: RecordedStep,
  everyFeed: ReadonlyMap<Handle, LearningRateFeed>,
  parameters: { readonly data: readonly Handle[]; readonly counters: StepCounters },
  optimize: Pass,
): StepProgram {
  const { recording } = step;
  const { randomCounter, keyBase } = parameters.counters;
  const results = [...recording.results, ...recording.writes.values()];
  const { operations, feeds } = shareLearningRates(recording.operations, new Set(results), everyFeed);
  const optimized = optimize({
    operations,
    parameters: [],
    constants: new Map([...recording.constants].filter(([handle]) => !everyFeed.has(handle))),
    results,
  });
  const used = new Set<Handle>(optimized.operations.flatMap(({ inputs }) => flatInputs(inputs)));
  const scalars = [randomCounter, keyBase].filter((handle) => used.has(handle));
  return {
    step,
    program: { ...optimized, parameters: [...parameters.data, ...scalars, ...feeds.keys()] },
    usesCounter: used.has(randomCounter),
    usesKeys: used.has(keyBase),
    learningRates: [...feeds.values()],
  };
}

/**
 * Records a step.
 *
 * @param options - The step and where to run it.
 * @param optimize - Makes the program cheaper.
 * @param use - Gets the program while the values of the recording exist.
 * @returns What `use` returns.
 * @throws {UntraceableError} when the step does something that a recording cannot hold.
 */
export function recordProgram<Result>(
  options: RecordStepOptions,
  optimize: Pass,
  use: (program: StepProgram) => Result,
): Result {
  const { backend, context, tf } = options.environment;
  // Each parameter needs a handle of its own, also where the caller's tensors share one.
  const data = options.data.map((tensor) => backend.tensorOf(context.share(tensorHandleOf(backend, tensor))));
  const counters: StepCounters = {
    randomCounter: backend.executor.fromHost(new BigUint64Array(2), [2], DataTypeCode.UInt64),
    keyBase: backend.executor.fromHost(new Int32Array(1), [], DataTypeCode.Int32),
  };
  try {
    const { step, feeds } = recordStep({ ...options, data }, counters);
    const parameters = { data: data.map((tensor) => backend.handleOf(tensor)), counters };
    return use(stepProgram(step, feeds, parameters, optimize));
  } finally {
    tf.dispose(data);
    counters.randomCounter.dispose();
    counters.keyBase.dispose();
  }
}
