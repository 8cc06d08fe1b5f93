/**
 * Steps that were started and have not been seen to end. When one fails on any replica, all of them are undone: variables get the
 * values back that they had before the first of them. Touches the replicas' queues.
 */
import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import type { TensorFlowContext } from '../tensorflow/context.js';
import type { TensorHandle } from '../tensorflow/tensor-handle.js';
import type { ReplicaPlace } from './replica-place.js';

/** How many steps are on their way before the next one waits: enough to keep the devices busy, few enough to bound memory. */
const STEPS_AHEAD = 3;

/** Steps that take less are waited for on this thread: waiting on another costs a turn of the event loop, a part of a millisecond. */
const LONG_STEP_MS = 10;

/** How much the last step counts in the mean. */
const LATEST = 0.3;

/** Where nothing has to be waited for, the event loop turns this often. */
const TURN_MS = 20;

/** One step on its way. */
export interface StepUnderWay {
  readonly places: readonly ReplicaPlace[];
  /** A result of each replica, in replica order; kept until the step has ended. */
  readonly results: readonly TensorHandle[];
  /** Whether replicas wait for each other in it. */
  readonly hasCollectives: boolean;
  /** Puts back what the step changed. */
  undo(): void;
  /** Lets go of what {@link undo} would have put back. */
  settle(): void;
}

interface ReplicaFailure {
  readonly replica: number;
  readonly error: Error;
}

/** The steps of all models that share queues. */
export class StepsUnderWay {
  readonly #context: TensorFlowContext;
  #steps: StepUnderWay[] = [];
  /** How long a step has taken lately, in milliseconds. */
  #period = LONG_STEP_MS;
  #started = 0;
  #turned = 0;

  constructor(context: TensorFlowContext) {
    this.#context = context;
  }

  /** Starts to look after a step. */
  add(step: StepUnderWay): void {
    for (const handle of step.results) handle.pin();
    for (const { executor } of step.places) executor.onFailedRead = () => this.recover();
    this.#steps.push(step);
  }

  /**
   * Resolves when {@link makeRoom} will not have to wait, and lets the event loop turn often enough to stay alive. Never rejects.
   */
  async ready(): Promise<void> {
    const oldest = this.#steps[this.#steps.length - STEPS_AHEAD];
    if (this.#period >= LONG_STEP_MS && oldest !== undefined) {
      for (const handle of oldest.results) await handle.waitAsync();
      this.#turned = performance.now();
    } else if (performance.now() - this.#turned >= TURN_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#turned = performance.now();
    }
  }

  /**
   * Waits until there is room for another step.
   * @throws {MirrorscopeError} `REPLICA_FAILED` when a step failed; then all steps under way are undone.
   */
  makeRoom(): void {
    const now = performance.now();
    this.#period += LATEST * (now - this.#started - this.#period);
    this.#started = now;
    while (this.#steps.length >= STEPS_AHEAD) {
      const oldest = this.#steps[0] as StepUnderWay;
      const failure = firstFailure(oldest);
      if (failure !== undefined) {
        this.recover();
        throw replicaFailed(failure, oldest);
      }
      this.#steps.shift();
      release(oldest);
    }
  }

  /**
   * Called when a queue has failed: waits for every step, undoes the first that failed and all after it, and makes their queues
   * usable again. Replicas that wait for the failed one are released first; TensorFlow then runs no collective until the process
   * is started anew, and says so.
   */
  recover(): void {
    const steps = this.#steps;
    this.#steps = [];
    if (steps.some(({ hasCollectives }) => hasCollectives)) this.#context.abortCollectives('another replica failed');
    const failed = steps.findIndex((step) => firstFailure(step) !== undefined);
    const undone = failed === -1 ? [] : steps.splice(failed);
    for (const queue of new Set(undone.flatMap(({ places }) => places.map(({ executor }) => executor.queue)))) {
      try {
        this.#context.waitForQueue(queue);
      } catch {
        // Known: it is why we are here. Waiting cleared it.
      }
    }
    for (const step of undone.reverse()) step.undo();
    for (const step of [...steps, ...undone]) release(step);
  }
}

function release(step: StepUnderWay): void {
  step.settle();
  for (const handle of step.results) handle.unpin();
}

/** A replica whose peer failed reports that its collective was aborted; the cause is more worth telling. */
function firstFailure({ results }: StepUnderWay): ReplicaFailure | undefined {
  const failures = results.flatMap((handle, replica): ReplicaFailure[] => {
    try {
      handle.wait();
      return [];
    } catch (error) {
      return [{ replica, error: error as Error }];
    }
  });
  return failures.find(({ error }) => !/abort|cancel|Collective/i.test(error.message)) ?? failures[0];
}

function replicaFailed({ replica, error }: ReplicaFailure, { places }: StepUnderWay): MirrorscopeError {
  const device = places[replica]?.device.name ?? '';
  return new MirrorscopeError(ErrorCode.ReplicaFailed, `A step failed on replica ${replica} (${device}): ${error.message}`, {
    cause: error,
    hint: 'The weights are what they were before the step. runEagerly: true finds the operation that fails and its stack.',
  });
}
