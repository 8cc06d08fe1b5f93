/**
 * One replica's part of a step as a TensorFlow function. Touches what recordStep touches; otherwise reads handles of
 * tfjs tensors.
 */
import type { DataTypeCode } from '../tensorflow/data-types-table.js';
import type { Handle } from '../tensorflow/op-executor.js';
import type { OptimizerSteps } from '../tfjs/optimizer-steps.js';
import type { LearningRateFeed } from './learning-rates.js';
import type { Program } from './program.js';
import type { RecordedStep, RecordStepOptions } from './record-step.js';
import type { SentValue } from './warm-up-pairs.js';
import type { ReplicaCollective } from './watchdog/watched-step.js';
import type { Variable } from '@tensorflow/tfjs';

import { hyperparameterKey } from '../tfjs/optimizer-members.js';

import { ConcreteFunction } from './concrete-function.js';
import { addArrivalMarks } from './passes/arrival-marks.js';
import { optimizeProgram } from './passes/optimize-program.js';
import { addTimeMarks } from './passes/time-marks.js';
import { type Capture, captureSources, recordProgram, type StepProgram } from './record-program.js';

/** The options of {@link makeReplicaFunction}. */
export interface ReplicaFunctionOptions extends RecordStepOptions {
  /** A unique name. */
  readonly name: string;
  /** The element type of progress boards. */
  readonly boardType: DataTypeCode;
  /** Whether the function returns the times at which it ran, as one more output. */
  readonly timed: boolean;
}

/**
 * The function of one replica. Its parameters, in order: a progress board where waits are watched; the data; the random
 * counter where it is used; the first instance key where it is used; the learning rates; the captures. Its results:
 * those of the body, then the new values of variables, then the times.
 */
export interface ReplicaFunction {
  readonly function: ConcreteFunction;
  readonly usesCounter: boolean;
  readonly usesKeys: boolean;
  readonly learningRates: readonly LearningRateFeed[];
  readonly captures: readonly Capture[];
  /** The variables whose new values follow the results. */
  readonly writes: readonly Variable[];
  readonly resultCount: number;
  /** The values that its collectives exchange, for a function that returns its times. */
  readonly timedCollectives: readonly string[] | undefined;
  /** Shapes and element types of all results. */
  readonly outputs: readonly Pick<Handle, 'shape' | 'dtype'>[];
  /** How many collectives the step has. */
  readonly collectives: number;
  /** Names every rendezvous with the other replicas' functions. All functions of one step have the same. */
  readonly rendezvous: string;
  /** The step's collectives that this function takes part in. */
  readonly ownCollectives: readonly ReplicaCollective[];
  /** The values that it sends to single replicas. */
  readonly sent: readonly SentValue[];
  /** How many steps each optimizer takes in one call. */
  readonly optimizerSteps: OptimizerSteps;
  /** Names the optimizers' hyperparameters, which the recording froze. */
  readonly hyperparameters: string;
  dispose(): void;
}

/** Adds the marks by which the watchdog and the profiler follow a running function. */
function addMarks(
  program: Program,
  { collectives: { count, written } }: RecordedStep,
  { group, boardType, timed }: ReplicaFunctionOptions,
): { readonly program: Program; readonly timedCollectives: readonly string[] | undefined } {
  const isWatched = count > 0 && group.options.timeoutSeconds > 0;
  const instances = new Map([...written].map(([handle, { instance }]) => [handle, instance]));
  const watched = isWatched ? addArrivalMarks(program, instances, count, boardType) : program;
  if (!timed) return { program: watched, timedCollectives: undefined };
  const withTimes = addTimeMarks(watched);
  return { program: withTimes.program, timedCollectives: withTimes.collectives };
}

/**
 * Records a step and makes it a TensorFlow function.
 *
 * @param options - The step and where to run it.
 * @returns The function. The caller disposes of it.
 * @throws {UntraceableError} when the step does something that a recording cannot hold.
 */
export function makeReplicaFunction(options: ReplicaFunctionOptions): ReplicaFunction {
  return recordProgram(options, optimizeProgram, (recorded) => functionOf(recorded, options));
}

/** Makes a program a function. */
function functionOf(recorded: StepProgram, options: ReplicaFunctionOptions): ReplicaFunction {
  const { environment, name } = options;
  const { step, program: unmarked, usesCounter, usesKeys, learningRates } = recorded;
  const { program, timedCollectives } = addMarks(unmarked, step, options);
  const concrete = new ConcreteFunction(environment.context, name, program);
  const captures = captureSources(environment, concrete.captures, step);
  const { collectives, optimizerSteps, recording } = step;
  return {
    function: concrete,
    usesCounter,
    usesKeys,
    learningRates,
    captures,
    writes: [...recording.writes.keys()],
    resultCount: recording.results.length,
    timedCollectives,
    outputs: program.results.map(({ shape, dtype }) => ({ shape, dtype })),
    collectives: collectives.count,
    rendezvous: collectives.rendezvous.join(' '),
    ownCollectives: [...concrete.sideEffects].flatMap(([node, handle]) => {
      const written = collectives.written.get(handle);
      return written === undefined ? [] : [{ ...written, node }];
    }),
    sent: collectives.sent,
    optimizerSteps,
    hyperparameters: hyperparameterKey(optimizerSteps.keys()),
    dispose() {
      concrete.delete();
      for (const capture of captures) if (capture.kind === 'constant') capture.handle.dispose();
    },
  };
}
