/**
 * Keeps track of the steps in flight. When one fails on any replica, it and all steps after it are undone: variables
 * return to the values that they had before it. Touches the replicas' queues.
 */
import type { TensorFlowContext } from '../tensorflow/context.js';
import type { InFlightStep } from './in-flight-step.js';
import type { ReplicaDevice } from './replica-device.js';
import type { WatchedStep } from './watchdog/watched-step.js';

import { isQueueFailure } from '../tensorflow/status.js';

import { isEndedByOthers, isNetworkFailure, type ReplicaFailure, stepError } from './step-errors.js';
import { StepGroup } from './step-group.js';
import { StepPacing } from './step-pacing.js';
import { Watchdog } from './watchdog/watchdog.js';
import { WatchedCancellation } from './watchdog/watched-cancellation.js';

/** The most steps in flight: enough to keep the devices busy, few enough to limit memory. */
const MAX_IN_FLIGHT = 3;

/** A step that was started on some replicas only. */
interface AbandonedStep {
  readonly replicas: readonly ReplicaDevice[];
  readonly cancellation: WatchedCancellation;
}

/** The steps of all models that share queues. */
export class InFlightSteps {
  readonly #context: TensorFlowContext;
  readonly #pacing = new StepPacing();
  /** In the order in which they started. */
  #steps: InFlightStep[] = [];
  #launching: WatchedCancellation | undefined;
  /** Steps that were cancelled and are not known to have ended. */
  #abandoned: AbandonedStep[] = [];
  #watchdog: Watchdog | undefined;
  #lastFailure: Error | undefined;
  #recoveries = 0;
  #group: StepGroup | undefined;

  /** @param context - Owns the queues. */
  constructor(context: TensorFlowContext) {
    this.#context = context;
  }

  /**
   * Counts how often queues were cleared after a failure. A collective of a failed step may leave messages, which must
   * not reach later steps, so those use other keys after each recovery.
   */
  get recoveries(): number {
    return this.#recoveries;
  }

  /**
   * Makes the cancellation of a step in which replicas wait for each other.
   *
   * @param step - Describes the step. Called only when the watchdog watches it.
   * @param timeoutSeconds - How long a replica may wait in a collective. 0: without limit, and without the watchdog.
   * @returns The cancellation, to pass to {@link launch}.
   */
  cancellationFor(step: () => WatchedStep, timeoutSeconds: number): WatchedCancellation {
    if (timeoutSeconds > 0) return (this.#watchdog ??= new Watchdog(this.#context)).watch(step(), timeoutSeconds);
    return new WatchedCancellation(this.#context.cancellations.give(), { boards: [] });
  }

  /**
   * Starts the functions of a step in which replicas wait for each other. When one cannot start, those that did start
   * are cancelled. Call it within {@link explain}, which cleans up after it.
   *
   * @param cancellation - Ends the functions.
   * @param replicas - Where they run.
   * @param start - Starts them.
   * @returns What `start` returns.
   */
  launch<Result>(cancellation: WatchedCancellation, replicas: readonly ReplicaDevice[], start: () => Result): Result {
    this.#launching = cancellation;
    try {
      cancellation.arm();
      return start();
    } catch (error) {
      cancellation.cancel();
      this.#abandoned.push({ cancellation, replicas });
      throw error;
    } finally {
      this.#launching = undefined;
    }
  }

  /**
   * Runs code that uses the queues of steps in flight.
   *
   * @param body - Runs once.
   * @returns What `body` returns.
   * @throws {MirrorscopeError} What {@link makeRoom} throws, when a queue turns out to have failed.
   */
  explain<Result>(body: () => Result): Result {
    try {
      return body();
    } catch (error) {
      if (!isQueueFailure(error) && this.#abandoned.length === 0) throw error;
      const before = this.#lastFailure;
      const failure = this.recover();
      // When no step failed just now, an older failure explains nothing.
      throw isQueueFailure(error) && failure !== before ? failure : error;
    }
  }

  /**
   * Adds a step that has just started.
   *
   * @param step - Its results are pinned until it ends.
   */
  add(step: InFlightStep): void {
    for (const handle of step.results) handle.pin();
    for (const { executor } of step.replicas) executor.onFailedRead = () => this.recover();
    if (this.#group === undefined) this.#steps.push(step);
    else this.#group.add(step);
  }

  /**
   * Makes the steps that `body` starts one step: they fail together, and are undone together when `body` throws.
   *
   * @param body - Runs once.
   * @returns What `body` returns.
   */
  together<Result>(body: () => Result): Result {
    this.makeRoom();
    const group = new StepGroup();
    this.#steps.push(group);
    this.#group = group;
    try {
      return body();
    } catch (error) {
      // A failed read may have undone the group already.
      if (this.#steps.includes(group)) this.#undoGroup(group);
      throw error;
    } finally {
      this.#group = undefined;
    }
  }

  /** Cancels every step. Their errors reach whoever waits for them. */
  cancelAll(): void {
    for (const { cancellation } of this.#steps) cancellation?.cancel();
    for (const { cancellation } of this.#abandoned) cancellation.cancel();
    this.#launching?.cancel();
  }

  #undoGroup(group: StepGroup): void {
    this.#steps = this.#steps.filter((step) => step !== group);
    // Wait for the group: nothing may be released while it runs.
    if (failuresOf(group).length > 0) this.#clearQueues([group]);
    group.undo();
    release(group);
  }

  /**
   * Waits until {@link makeRoom} will not block, and lets the event loop turn often enough. Never rejects.
   *
   * @returns Resolves when the next step may start.
   */
  async ready(): Promise<void> {
    const oldest = this.#steps[this.#steps.length - MAX_IN_FLIGHT];
    await this.#pacing.pause(async () => {
      for (const handle of oldest?.results ?? []) await handle.waitAsync();
    }, oldest !== undefined);
  }

  /**
   * Blocks until there is room for another step.
   *
   * @throws {MirrorscopeError} `REPLICA_FAILED` or `COLLECTIVE_TIMEOUT` when a step failed; it and all steps after it
   *   are undone.
   */
  makeRoom(): void {
    if (this.#group !== undefined) return;
    this.#pacing.stepStarts();
    this.#endAllBut(MAX_IN_FLIGHT - 1);
  }

  /**
   * Blocks until every step has ended.
   *
   * @throws {MirrorscopeError} What {@link makeRoom} throws.
   */
  endAll(): void {
    if (this.#group === undefined) this.#endAllBut(0);
  }

  #endAllBut(count: number): void {
    while (this.#steps.length > count) {
      const [oldest] = this.#steps;
      if (oldest === undefined) return;
      if (failuresOf(oldest).length > 0) throw this.recover() ?? new Error('a step failed');
      this.#steps.shift();
      release(oldest);
    }
  }

  /**
   * Recovers from a failed queue: waits for every step, undoes the first that failed and all steps after it, and makes
   * their queues usable again.
   *
   * @returns The error of the failed step, for the caller that waited for it.
   */
  recover(): Error | undefined {
    const steps = this.#steps;
    this.#steps = [];
    // It started on some replicas only, and would never end.
    this.#launching?.cancel();
    const first = steps.findIndex((step) => failuresOf(step).length > 0);
    const undone = first === -1 ? [] : steps.splice(first);
    const [failed] = undone;
    if (failed !== undefined) {
      // Replicas that did not fail may wait, in a later step, for one whose queue has stopped.
      for (const { cancellation } of undone) cancellation?.cancel();
      const [failure, ...others] = failuresOf(failed);
      if (failure !== undefined) this.#lastFailure = explainStep(failed, [failure, ...others]);
    }
    if (failed !== undefined || this.#abandoned.length > 0) this.#clearQueues(undone);
    for (const step of undone.reverse()) step.undo();
    for (const step of [...steps, ...undone]) release(step);
    return this.#lastFailure;
  }

  /** Waits for the steps, and for the abandoned ones; then their queues are usable again. */
  #clearQueues(steps: readonly InFlightStep[]): void {
    this.#recoveries++;
    const abandoned = this.#abandoned;
    this.#abandoned = [];
    const queues = new Set(
      [...steps, ...abandoned].flatMap(({ replicas }) => replicas.map(({ executor }) => executor.queue)),
    );
    for (const queue of queues) {
      try {
        this.#context.waitForQueue(queue);
      } catch {
        // The error is known: it is the reason for this call. Waiting has cleared it.
      }
    }
    this.#context.clearStep();
    for (const { cancellation } of abandoned) cancellation.delete();
  }
}

/** Makes the error of a failed step. Where it ran in several processes, they find the reason together. */
function explainStep(step: InFlightStep, failures: readonly [ReplicaFailure, ...ReplicaFailure[]]): Error {
  const timedOut = step.cancellation?.timedOut;
  const error = stepError(step, failures, timedOut);
  if (step.peers === undefined) return error;
  const { error: cause } = failures.find((failure) => !isEndedByOthers(failure.error)) ?? failures[0];
  return step.peers.explain({
    name: step.name,
    waiting: step.waitsIn?.(),
    cause,
    own: isEndedByOthers(cause) || isNetworkFailure(cause) ? undefined : error,
    timeoutSeconds: timedOut?.timeoutSeconds,
  });
}

function release(step: InFlightStep): void {
  step.settle();
  for (const handle of step.results) handle.unpin();
  step.cancellation?.delete();
}

/** Waits for a step, and collects what failed. */
function failuresOf({ results }: InFlightStep): ReplicaFailure[] {
  return results.flatMap((handle, replica): ReplicaFailure[] => {
    try {
      handle.wait();
      return [];
    } catch (error) {
      return [{ replica, error: error instanceof Error ? error : new Error(String(error)) }];
    }
  });
}
