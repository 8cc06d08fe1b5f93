/**
 * One replica's part of a step as a TensorFlow function: what it is fed at each call, what it reads, what it writes.
 * Made from recordings; touches tfjs variables only to read their handles.
 */
import type { Handle } from '../tensorflow/op-executor.js';
import type { TensorHandle } from '../tensorflow/tensor-handle.js';
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { RandomFunctions } from '../tfjs/random-functions.js';
import type { ReduceGroup } from './recorded-collectives.js';
import type { SentValue } from './warm-up-pairs.js';
import type { ReplicaCollective } from './watchdog/watched-step.js';
import type { Optimizer, Tensor, Variable } from '@tensorflow/tfjs';

import { DataTypeCode } from '../tensorflow/data-types-table.js';
import { heldTensors, hyperparameterKey, withLearningRates } from '../tfjs/optimizer-members.js';
import { countOptimizerSteps } from '../tfjs/optimizer-steps.js';
import { registeredVariables } from '../tfjs/registered-variables.js';

import { compareRecordings } from './compare-recordings.js';
import { ConcreteFunction } from './concrete-function.js';
import { drawOnDevice } from './device-random.js';
import { type LearningRateFeed, learningRateFeeds, otherLearningRates, shareLearningRates } from './learning-rates.js';
import { addArrivalMarks } from './passes/arrival-marks.js';
import { optimizeProgram } from './passes/optimize-program.js';
import { addTimeMarks } from './passes/time-marks.js';
import { flatInputs, type Program } from './program.js';
import { recordFunction, type Recording, type RecordingEnvironment } from './record-function.js';
import { type AllReduce, RecordedAllReduce } from './recorded-all-reduce.js';
import { varyingHandles } from './replica-variance.js';
import { UntraceableError } from './untraceable-error.js';

/** The code of a step. Returns tensors; may write variables. */
export type StepBody = (data: readonly Tensor[], allReduce: AllReduce, recorded: RecordedSoFar) => readonly Tensor[];

/** Questions about the part of a step that has been recorded. */
export interface RecordedSoFar {
  /**
   * Of each tensor, whether its value may differ between replicas.
   * @param withHostValues - Count what code made on the host among the things that differ.
   */
  varying(tensors: readonly Tensor[], withHostValues: boolean): boolean[];
}

/** What a step is recorded with. */
export interface ReplicaFunctionOptions {
  readonly place: RecordingEnvironment;
  readonly core: RandomFunctions;
  readonly name: string;
  readonly group: ReduceGroup;
  /** The replica of the group whose part is recorded. */
  readonly replica: number;
  /** For random operations without a seed of their own. */
  readonly seed: number;
  readonly data: readonly Tensor[];
  readonly body: StepBody;
  /** Of the boards for marks. */
  readonly boardType: DataTypeCode;
  /** Whether the function tells when it ran, in one more output. */
  readonly timed: boolean;
}

/** Where a captured value comes from at each call. */
export type Capture =
  | { readonly kind: 'variable'; readonly variable: Variable }
  | { readonly kind: 'held'; readonly optimizer: Optimizer; readonly member: string }
  | { readonly kind: 'constant'; readonly handle: TensorHandle };

/** A recorded step of one replica. */
export interface ReplicaFunction {
  readonly function: ConcreteFunction;
  /** Where waits are watched, a board for its marks comes first. After the data: the random counter and the first instance key, where they are used, then the learning rates. */
  readonly usesCounter: boolean;
  readonly usesKeys: boolean;
  readonly learningRates: readonly LearningRateFeed[];
  readonly captures: readonly Capture[];
  /** The variables whose new values follow the results. */
  readonly writes: readonly Variable[];
  readonly resultCount: number;
  /** What its collectives exchange, where the last output tells when they did. */
  readonly timedCollectives: readonly string[] | undefined;
  /** Shapes and element types of the results and of the writes. */
  readonly outputs: readonly Pick<Handle, 'shape' | 'dtype'>[];
  readonly collectives: number;
  /** Where it meets the other replicas' functions: the same for all of one step. */
  readonly meetings: string;
  /** Those of the step's collectives that it comes to. */
  readonly ownCollectives: readonly ReplicaCollective[];
  /** What it sends to single replicas. */
  readonly sent: readonly SentValue[];
  /** How many steps each optimizer takes in one call. */
  readonly optimizerSteps: ReadonlyMap<Optimizer, number>;
  /** The optimizers' hyperparameters at the time of the recording, which froze them. */
  readonly hyperparameters: string;
  dispose(): void;
}

interface StepRecording {
  readonly recording: Recording;
  readonly collectives: number;
  readonly meetings: string;
  readonly written: ReadonlyMap<Handle, Omit<ReplicaCollective, 'node'>>;
  readonly sent: readonly SentValue[];
  readonly optimizerSteps: ReadonlyMap<Optimizer, number>;
}

function recordOnce(
  { place, core, group, replica, seed, data, body }: ReplicaFunctionOptions,
  counter: Handle,
  keyBase: Handle,
): StepRecording {
  const { backend, tf } = place;
  const unrecorded = backend.executor;
  let collectives = 0;
  let meetings = '';
  let written: StepRecording['written'] = new Map();
  let sent: readonly SentValue[] = [];
  const { result, steps } = countOptimizerSteps(tf, () =>
    recordFunction(place, (recorder) => {
      const stopDrawing = drawOnDevice({ tf, backend, core, seed, counter, recorder });
      try {
        const allReduce = new RecordedAllReduce(backend, { recorder, unrecorded, group, replica, keyBase });
        const own = [...data.map((tensor) => backend.handleOf(tensor)), counter];
        const results = body(data, allReduce, {
          varying(tensors, withHostValues) {
            const sources = [...own, ...(withHostValues ? recorder.constants.keys() : [])];
            const varying = varyingHandles(recorder.operations, sources, allReduce.agreed);
            return tensors.map((tensor) => varying.has(backend.handleOf(tensor)));
          },
        });
        collectives = allReduce.collectives;
        meetings = allReduce.meetings.join();
        written = allReduce.written;
        sent = allReduce.sent;
        return results;
      } finally {
        stopDrawing();
      }
    }),
  );
  return { recording: result, collectives, meetings, written, sent, optimizerSteps: steps };
}

/** How often a step is recorded before two runs must agree: the first run makes slots and moves host values to the device. */
const MOST_ATTEMPTS = 3;

/**
 * Records a step twice, the second time with other learning rates, which shows which constants are those rates.
 * @throws UntraceableError when the runs differ in anything else.
 */
function recordStep(
  options: ReplicaFunctionOptions,
  counter: Handle,
  keyBase: Handle,
): { step: StepRecording; feeds: Map<Handle, LearningRateFeed> } {
  const record = (): StepRecording => recordOnce(options, counter, keyBase);
  for (let attempt = 1; ; attempt++) {
    const step = record();
    if (step.recording.writes.size === 0) return { step, feeds: new Map() };
    // What made slots cannot be like what finds them there: no second run is spent on that.
    if (attempt < MOST_ATTEMPTS && variableCount(options.place.tf) > step.recording.variables.size) continue;
    const rates = otherLearningRates(step.optimizerSteps.keys());
    const other = withLearningRates(rates, record);
    const difference = compareRecordings(step.recording, other.recording);
    if (difference.kind === 'constants') return { step: other, feeds: learningRateFeeds(difference.changed, rates) };
    if (attempt === MOST_ATTEMPTS) throw new UntraceableError(difference.at, 'is not the same in two runs of one step');
  }
}

function variableCount(tf: TensorFlowJs): number {
  return registeredVariables(tf).length;
}

/** Says where each captured value comes from. */
function captureSources(
  { backend, context }: RecordingEnvironment,
  concrete: ConcreteFunction,
  { recording, optimizerSteps }: StepRecording,
): readonly Capture[] {
  const held = new Map<Handle, Capture>();
  for (const optimizer of optimizerSteps.keys()) {
    for (const [member, tensor] of heldTensors(optimizer))
      held.set(backend.handleOf(tensor), { kind: 'held', optimizer, member });
  }
  return concrete.captures.map((handle): Capture => {
    const variable = recording.variables.get(handle);
    if (variable !== undefined) return { kind: 'variable', variable };
    return held.get(handle) ?? { kind: 'constant', handle: context.share(handle as TensorHandle) };
  });
}

/** Records a step and makes it a function. @throws UntraceableError when it does what a recording cannot hold. */
export function makeReplicaFunction(options: ReplicaFunctionOptions): ReplicaFunction {
  const { place, data, name } = options;
  const { backend, context, tf } = place;
  // Each parameter gets a handle of its own, whatever the caller's tensors share.
  const separate = data.map((tensor) => backend.tensorOf(context.share(backend.handleOf(tensor) as TensorHandle)));
  const counter = backend.executor.fromHost(new BigUint64Array(2), [2], DataTypeCode.UInt64);
  const keyBase = backend.executor.fromHost(new Int32Array(1), [], DataTypeCode.Int32);
  try {
    const { step, feeds: everyFeed } = recordStep({ ...options, data: separate }, counter, keyBase);
    const { recording } = step;
    const writes = [...recording.writes];
    const results = [...recording.results, ...writes.map(([, handle]) => handle)];
    const { operations, feeds } = shareLearningRates(recording.operations, new Set(results), everyFeed);
    const optimized: Program = optimizeProgram({
      operations,
      parameters: [],
      constants: new Map([...recording.constants].filter(([handle]) => !everyFeed.has(handle))),
      results,
    });
    const used = new Set<Handle>(optimized.operations.flatMap(({ inputs }) => flatInputs(inputs)));
    const scalars = [counter, keyBase].filter((handle) => used.has(handle));
    const unmarked: Program = {
      ...optimized,
      parameters: [...separate.map((tensor) => backend.handleOf(tensor)), ...scalars, ...feeds.keys()],
    };
    const isWatched = step.collectives > 0 && options.group.options.timeoutSeconds > 0;
    const instances = new Map([...step.written].map(([handle, { instance }]) => [handle, instance]));
    const program = isWatched ? addArrivalMarks(unmarked, instances, step.collectives, options.boardType) : unmarked;
    const timed = options.timed ? addTimeMarks(program) : undefined;
    const concrete = new ConcreteFunction(context, name, timed?.program ?? program);
    const captures = captureSources(place, concrete, step);
    return {
      function: concrete,
      usesCounter: used.has(counter),
      usesKeys: used.has(keyBase),
      learningRates: [...feeds.values()],
      captures,
      writes: writes.map(([variable]) => variable),
      resultCount: recording.results.length,
      timedCollectives: timed?.collectives,
      outputs: (timed?.program ?? program).results.map(({ shape, dtype }) => ({ shape, dtype })),
      collectives: step.collectives,
      meetings: step.meetings,
      ownCollectives: [...concrete.effects].flatMap(([node, handle]) =>
        [step.written.get(handle) ?? []].flat().map((each) => ({ ...each, node })),
      ),
      sent: step.sent,
      optimizerSteps: step.optimizerSteps,
      hyperparameters: hyperparameterKey(step.optimizerSteps.keys()),
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
