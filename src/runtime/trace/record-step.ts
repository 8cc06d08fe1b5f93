/**
 * Records one replica's part of a step, twice: the second time with other learning rates, which shows the constants
 * that are those rates. Touches what recordFunction touches, and the step counts of optimizers; restores all of it.
 */
import type { Handle } from '../tensorflow/op-executor.js';
import type { OptimizerSteps } from '../tfjs/optimizer-steps.js';
import type { RandomFunctions } from '../tfjs/random-functions.js';
import type { LearningRateFeed } from './learning-rates.js';
import type { CollectiveSummary } from './recorded-collectives.js';
import type { ReduceGroup } from './reduce-group.js';
import type { StepBody, StepRecording } from './step-body.js';
import type { Tensor } from '@tensorflow/tfjs';

import { withLearningRates } from '../tfjs/optimizer-members.js';
import { countOptimizerSteps } from '../tfjs/optimizer-steps.js';
import { registeredVariables } from '../tfjs/registered-variables.js';

import { compareRecordings } from './compare-recordings.js';
import { drawOnDevice } from './device-random.js';
import { learningRateFeeds, otherLearningRates } from './learning-rates.js';
import { recordFunction, type Recording, type RecordingEnvironment } from './record-function.js';
import { RecordedAllReduce } from './recorded-all-reduce.js';
import { isHostValue, varyingHandles } from './replica-variance.js';
import { UntraceableError } from './untraceable-error.js';

/** The options of {@link recordStep}. */
export interface RecordStepOptions {
  readonly environment: RecordingEnvironment;
  /** The exports of tfjs-core. */
  readonly core: RandomFunctions;
  readonly group: ReduceGroup;
  /** The replica of the group whose part is recorded. */
  readonly replica: number;
  /** For random operations without a seed of their own. */
  readonly seed: number;
  readonly data: readonly Tensor[];
  readonly body: StepBody;
}

/** The parameters that each call of a step sets, besides the data. */
export interface StepCounters {
  /** A `uint64[2]`: see `randomCounter`. */
  readonly randomCounter: Handle;
  /** An `int32`: the first of the step's instance keys. */
  readonly keyBase: Handle;
}

/** A step that was recorded. */
export interface RecordedStep {
  readonly recording: Recording;
  readonly collectives: CollectiveSummary;
  readonly optimizerSteps: OptimizerSteps;
}

/** The first run of a step makes slots and moves host values to the device, so the first two recordings may differ. */
const MAX_ATTEMPTS = 3;

function recordOnce(options: RecordStepOptions, { randomCounter, keyBase }: StepCounters): RecordedStep {
  const { environment, core, group, replica, seed, data, body } = options;
  const { backend, tf } = environment;
  const unrecorded = backend.executor;
  let collectives = undefined as CollectiveSummary | undefined;
  const { result: recording, steps } = countOptimizerSteps(tf, () =>
    recordFunction(environment, (recorder) => {
      const stopDrawing = drawOnDevice({ tf, backend, core, seed, counter: randomCounter, recorder });
      try {
        const allReduce = new RecordedAllReduce(backend, { recorder, unrecorded, group, replica, keyBase });
        ({ collectives } = allReduce);
        const ownValues = [...data.map((tensor) => backend.handleOf(tensor)), randomCounter];
        const varying: StepRecording['varying'] = (tensors, withHostValues) => {
          // First: values that are still on the host become constants here.
          const handles = tensors.map((tensor) => backend.handleOf(tensor));
          const sources = [...ownValues, ...(withHostValues ? recorder.constants.keys() : [])];
          const { agreed } = allReduce.collectives;
          const varying = varyingHandles(recorder.operations, { sources, agreed, withHostValues });
          return handles.map((handle) => varying.has(handle) || (withHostValues && isHostValue(handle)));
        };
        return body({ data, allReduce, varying });
      } finally {
        stopDrawing();
      }
    }),
  );
  if (collectives === undefined) throw new Error('the recorder did not run the step');
  return { recording, collectives, optimizerSteps: steps };
}

/**
 * Records a step.
 *
 * @param options - The step and where to run it.
 * @param counters - Stand for the parameters that each call sets.
 * @returns The recording, and the constants in it that are learning rates.
 * @throws {UntraceableError} when two runs differ in anything but the learning rates.
 */
export function recordStep(
  options: RecordStepOptions,
  counters: StepCounters,
): { readonly step: RecordedStep; readonly feeds: ReadonlyMap<Handle, LearningRateFeed> } {
  const record = (): RecordedStep => recordOnce(options, counters);
  for (let attempt = 1; ; attempt++) {
    const step = record();
    // A run that made variables, such as slots, differs from one that finds them, and does not read them.
    const madeVariables = registeredVariables(options.environment.tf).length > step.recording.variables.size;
    if (attempt < MAX_ATTEMPTS && madeVariables) continue;
    if (step.recording.writes.size === 0) return { step, feeds: new Map() };
    const rates = otherLearningRates(step.optimizerSteps.keys());
    const other = withLearningRates(rates, record);
    const difference = compareRecordings(step.recording, other.recording);
    if (difference.kind === 'constants') return { step: other, feeds: learningRateFeeds(difference.changed, rates) };
    if (attempt === MAX_ATTEMPTS) throw new UntraceableError(difference.at, 'is not the same in two runs of one step');
  }
}
