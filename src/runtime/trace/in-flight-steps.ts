/**
 * Steps that were started and have not been seen to end. When one fails on any replica, it and all after it are undone: variables get
 * the values back that they had before it. Touches the replicas' queues.
 */
import type { TensorFlowContext } from '../tensorflow/context.js';
import type { TensorHandle } from '../tensorflow/tensor-handle.js';
import type { ReplicaDevice } from './replica-device.js';
import type { WatchedStep } from './watchdog/watched-step.js';

import { Cancellation } from '../tensorflow/cancellation.js';
import { isQueueFailure } from '../tensorflow/status.js';

import { type ReplicaFailure, type StepDescription, stepError } from './step-errors.js';
import { StepGroup } from './step-group.js';
import { Watchdog } from './watchdog/watchdog.js';
import { WatchedCancellation } from './watchdog/watched-cancellation.js';

/** How many steps are on their way before the next one waits: enough to keep the devices busy, few enough to bound memory. */
const STEPS_AHEAD = 3;

/** Steps that take less are waited for on this thread: waiting on another costs a turn of the event loop, a part of a millisecond. */
const LONG_STEP_MS = 10;

/** How much the last step counts in the mean. */
const LATEST = 0.3;

/** Where nothing has to be waited for, the event loop turns this often. */
const TURN_MS = 20;

/** One step on its way. */
export interface InFlightStep extends StepDescription {
  /** A result of each replica, in replica order; kept until the step has ended. */
  readonly results: readonly TensorHandle[];
  /** Ends the step on every replica; absent where replicas do not wait for each other. */
  readonly cancellation: Pick<WatchedCancellation, 'cancel' | 'delete' | 'timedOut'> | undefined;
  /** Puts back what the step changed. */
  undo(): void;
  /** Lets go of what {@link undo} would have put back. */
  settle(): void;
}

type AbandonedStep = Pick<InFlightStep, 'places'> & { readonly cancellation: WatchedCancellation };

/** The steps of all models that share queues. */
export class InFlightSteps {
  readonly #context: TensorFlowContext;
  #steps: InFlightStep[] = [];
  /** How long a step has taken lately, in milliseconds. */
  #period = LONG_STEP_MS;
  #started = 0;
  #turned = 0;
  #launching: WatchedCancellation | undefined;
  /** Steps that were started on some replicas only: cancelled, and not seen to end. */
  #abandoned: AbandonedStep[] = [];
  #watchdog: Watchdog | undefined;
  #lastFailure: Error | undefined;
  #recoveries = 0;
  #group: StepGroup | undefined;

  constructor(context: TensorFlowContext) {
    this.#context = context;
  }

  /** How often queues were cleared after a failure: what a collective of a failed step left behind must not meet those of later steps. */
  get recoveries(): number {
    return this.#recoveries;
  }

  /**
   * What ends the functions of a step in which replicas wait for each other.
   * @param timeoutSeconds - For how long a replica may wait in a collective; 0: nobody watches.
   */
  cancellationFor(step: () => WatchedStep, timeoutSeconds: number): WatchedCancellation {
    if (timeoutSeconds > 0) return (this.#watchdog ??= new Watchdog(this.#context)).watch(step(), timeoutSeconds);
    return new WatchedCancellation(new Cancellation(this.#context.api), { boards: [] });
  }

  /**
   * Starts the functions of a step in which replicas wait for each other; when one cannot be started, those that were do not wait for it.
   * To be called within {@link explain}, which clears up after it.
   */
  launch<Result>(cancellation: WatchedCancellation, places: readonly ReplicaDevice[], start: () => Result): Result {
    this.#launching = cancellation;
    try {
      cancellation.arm();
      return start();
    } catch (error) {
      cancellation.cancel();
      this.#abandoned.push({ cancellation, places });
      throw error;
    } finally {
      this.#launching = undefined;
    }
  }

  /** Runs what uses the queues of steps under way. @throws What {@link makeRoom} throws, where a queue turns out to have failed. */
  explain<Result>(body: () => Result): Result {
    try {
      return body();
    } catch (error) {
      if (!isQueueFailure(error) && this.#abandoned.length === 0) throw error;
      const before = this.#lastFailure;
      const failure = this.recover();
      // Without a step that failed, an error of some time ago explains nothing.
      throw isQueueFailure(error) && failure !== before ? failure : error;
    }
  }

  /** Starts to look after a step. */
  add(step: InFlightStep): void {
    for (const handle of step.results) handle.pin();
    for (const { executor } of step.places) executor.onFailedRead = () => this.recover();
    if (this.#group === undefined) this.#steps.push(step);
    else this.#group.add(step);
  }

  /** Makes the steps that `body` starts one: they fail together, and are undone together when `body` throws. */
  together<Result>(body: () => Result): Result {
    this.makeRoom();
    const group = new StepGroup();
    this.#steps.push(group);
    this.#group = group;
    try {
      return body();
    } catch (error) {
      // Unless a failed read has undone it already.
      if (this.#steps.includes(group)) {
        this.#steps = this.#steps.filter((step) => step !== group);
        // Nothing is let go of while it runs.
        if (failures(group).length > 0) this.#clearQueues([group]);
        group.undo();
        release(group);
      }
      throw error;
    } finally {
      this.#group = undefined;
    }
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
   * @throws {MirrorscopeError} `REPLICA_FAILED` or `COLLECTIVE_TIMEOUT` when a step failed; then it and all after it are undone.
   */
  makeRoom(): void {
    if (this.#group !== undefined) return;
    const now = performance.now();
    this.#period += LATEST * (now - this.#started - this.#period);
    this.#started = now;
    while (this.#steps.length >= STEPS_AHEAD) {
      const oldest = this.#steps[0] as InFlightStep;
      if (failures(oldest).length > 0) throw this.recover() as Error;
      this.#steps.shift();
      release(oldest);
    }
  }

  /**
   * Called when a queue has failed: waits for every step, undoes the first that failed and all after it, and makes their queues
   * usable again.
   * @returns The error to throw for whatever waited for the failed step.
   */
  recover(): Error | undefined {
    const steps = this.#steps;
    this.#steps = [];
    // Started on some replicas only: the others would be waited for.
    this.#launching?.cancel();
    const first = steps.findIndex((step) => failures(step).length > 0);
    const undone = first === -1 ? [] : steps.splice(first);
    const [failed] = undone;
    if (failed !== undefined) {
      // Replicas that did not fail may wait, in a later step, for one whose queue has stopped.
      for (const { cancellation } of undone) cancellation?.cancel();
      this.#note(failed, failures(failed));
    }
    if (failed !== undefined || this.#abandoned.length > 0) this.#clearQueues(undone);
    for (const step of undone.reverse()) step.undo();
    for (const step of [...steps, ...undone]) release(step);
    return this.#lastFailure;
  }

  #note(step: InFlightStep, seen: readonly ReplicaFailure[]): void {
    this.#lastFailure = stepError(step, seen, step.cancellation?.timedOut);
  }

  /** Waits for steps, and for those that were abandoned; then their queues are usable again. */
  #clearQueues(steps: readonly InFlightStep[]): void {
    this.#recoveries++;
    const abandoned = this.#abandoned;
    this.#abandoned = [];
    for (const queue of new Set(
      [...steps, ...abandoned].flatMap(({ places }) => places.map(({ executor }) => executor.queue)),
    )) {
      try {
        this.#context.waitForQueue(queue);
      } catch {
        // Known: it is why we are here. Waiting cleared it.
      }
    }
    this.#context.clearStep();
    for (const { cancellation } of abandoned) cancellation.delete();
  }
}

function release(step: InFlightStep): void {
  step.settle();
  for (const handle of step.results) handle.unpin();
  step.cancellation?.delete();
}

/** Waits for a step. */
function failures({ results }: InFlightStep): readonly ReplicaFailure[] {
  return results.flatMap((handle, replica): ReplicaFailure[] => {
    try {
      handle.wait();
      return [];
    } catch (error) {
      return [{ replica, error: error as Error }];
    }
  });
}
