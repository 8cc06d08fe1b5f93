/**
 * Keeps track of the steps that XLA runs. When one fails, it and all steps after it are undone: variables return to the
 * values that they had before it. Calls the C API of the plugin.
 */
import type { PluginApi } from '../../pjrt/plugin-api.js';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { PjrtEvent } from '../../pjrt/pjrt-event.js';
import { StepPacing } from '../../trace/step-pacing.js';

/** Enough to keep the devices busy. Without a limit, the devices of a collective can wait for each other forever. */
const MOST_LAUNCHED = 3;

/** One step in flight. */
export interface LaunchedStep {
  readonly name: string;
  /** One for each device. */
  readonly events: readonly number[];
  /** Puts back what the step changed. */
  undo(): void;
  /** Releases what {@link undo} would have put back. */
  settle(): void;
}

interface WatchedStep extends Omit<LaunchedStep, 'events'> {
  readonly events: readonly PjrtEvent[];
}

/** The steps of all models on one client. */
export class LaunchedSteps {
  readonly #api: PluginApi;
  readonly #pacing = new StepPacing();
  /** In the order in which they started. */
  #steps: WatchedStep[] = [];
  #lastFailure: Error | undefined;

  /** @param api - Calls the plugin. */
  constructor(api: PluginApi) {
    this.#api = api;
  }

  /**
   * Explains an error of a value: the step that computes it, or one before, has failed.
   *
   * @param error - The error.
   * @returns The error of the step that failed.
   */
  readonly explain = (error: unknown): Error => {
    try {
      this.endAll();
    } catch (failure) {
      return failure as Error;
    }
    return this.#lastFailure ?? (error instanceof Error ? error : new Error(String(error)));
  };

  /** Adds a step that has just started. */
  add({ events, ...step }: LaunchedStep): void {
    this.#steps.push({
      name: step.name,
      events: events.map((event) => new PjrtEvent(this.#api, event)),
      undo: () => {
        step.undo();
      },
      settle: () => {
        step.settle();
      },
    });
  }

  /**
   * Blocks until there is room for another step.
   *
   * @throws {MirrorscopeError} `REPLICA_FAILED` when a step failed; it and all steps after it are undone.
   */
  makeRoom(): void {
    this.#pacing.stepStarts();
    this.#endAllBut(MOST_LAUNCHED - 1);
  }

  /** Waits until {@link makeRoom} will not block, and lets the event loop turn often enough. Never rejects. */
  async ready(): Promise<void> {
    const oldest = this.#steps[this.#steps.length - MOST_LAUNCHED];
    await this.#pacing.pause(async () => {
      await Promise.all(oldest?.events.map((event) => event.settled()) ?? []);
    }, oldest !== undefined);
  }

  /**
   * Blocks until every step has ended.
   *
   * @throws {MirrorscopeError} What {@link makeRoom} throws.
   */
  endAll(): void {
    this.#endAllBut(0);
  }

  #endAllBut(count: number): void {
    while (this.#steps.length > count) {
      const [oldest] = this.#steps;
      if (oldest === undefined) return;
      const failure = failureOf(oldest);
      if (failure !== undefined) throw this.#undoAll(oldest, failure);
      this.#steps.shift();
      oldest.settle();
    }
  }

  #undoAll({ name }: WatchedStep, cause: unknown): Error {
    const undone = this.#steps;
    this.#steps = [];
    // Later steps read what the failed one should have computed, and fail too. They must have ended.
    for (const step of undone) failureOf(step);
    for (const step of undone.reverse()) {
      step.undo();
      step.settle();
    }
    this.#lastFailure = stepFailed(name, cause);
    return this.#lastFailure;
  }
}

/** Waits for a step. */
function failureOf({ events }: WatchedStep): unknown {
  let failure: unknown;
  for (const event of events) {
    try {
      event.await();
    } catch (error) {
      failure ??= error;
    }
  }
  return failure;
}

/**
 * Makes the error of a step that XLA could not run.
 *
 * @param name - The step.
 * @param cause - What the plugin reported.
 * @returns The error.
 */
export function stepFailed(name: string, cause: unknown): MirrorscopeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const hint = cause instanceof MirrorscopeError ? `${cause.hint} ` : '';
  return new MirrorscopeError(ErrorCode.ReplicaFailed, `The ${name} step failed on XLA: ${reason}`, {
    cause,
    hint: `${hint}The weights have their values from before the step.`,
  });
}
