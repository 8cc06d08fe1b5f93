/** Records when steps ran while a profile is taken; records nothing otherwise. Reads tensors when it stops. */
import type { EagerExecutor } from '../tensorflow/eager-executor.js';
import type { TensorHandle } from '../tensorflow/tensor-handle.js';

/** A stretch of time on the JavaScript thread. Microseconds since the epoch. */
export interface ProfiledSpan {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** One replica's function in one step. */
export interface ProfiledStep {
  readonly name: string;
  readonly replica: number;
  readonly device: string;
  /** What each collective exchanges. */
  readonly collectives: readonly string[];
  /** Start, then begin and end of each collective, then the end. Microseconds since the epoch. */
  readonly times: readonly number[];
}

/** Everything recorded between start and stop. Microseconds since the epoch. */
export interface Profiled {
  readonly start: number;
  readonly end: number;
  readonly spans: readonly ProfiledSpan[];
  readonly steps: readonly ProfiledStep[];
}

/** A step whose times are still on its device. */
export interface PendingStep extends Omit<ProfiledStep, 'times'> {
  /** The times that the function returned, in seconds. */
  readonly handle: TensorHandle;
  /** Reads the handle. */
  readonly executor: EagerExecutor;
}

interface Session {
  readonly start: number;
  readonly spans: ProfiledSpan[];
  readonly steps: PendingStep[];
}

const nowMicros = (): number => (performance.timeOrigin + performance.now()) * 1000;

/** The profiler of one engine. */
export class Profiler {
  #session: Session | undefined;

  /** Whether steps that are recorded now must also return their times. */
  get isOn(): boolean {
    return this.#session !== undefined;
  }

  /** Starts a profile, and forgets an unfinished one. */
  start(): void {
    this.#session = { start: nowMicros(), spans: [], steps: [] };
  }

  /**
   * Measures code on this thread.
   *
   * @param name - What the code does, for people.
   * @param body - Runs once.
   * @returns What `body` returns.
   */
  span<Result>(name: string, body: () => Result): Result {
    const session = this.#session;
    if (session === undefined) return body();
    const start = nowMicros();
    try {
      return body();
    } finally {
      session.spans.push({ name, start, end: nowMicros() });
    }
  }

  /**
   * Adds a step.
   *
   * @param step - Its handle belongs to the profiler from now on.
   */
  addStep(step: PendingStep): void {
    if (this.#session === undefined) step.handle.dispose();
    else this.#session.steps.push(step);
  }

  /**
   * Ends the profile, and waits for its steps.
   *
   * @returns What was recorded, without the steps that failed.
   */
  async stop(): Promise<Profiled> {
    const { start, spans, steps } = this.#session ?? { start: 0, spans: [], steps: [] };
    this.#session = undefined;
    const read: ProfiledStep[] = [];
    for (const { handle, executor, ...step } of steps) {
      try {
        const seconds = (await executor.read(handle)) as Float64Array;
        read.push({ ...step, times: Array.from(seconds, (second) => second * 1e6) });
      } catch {
        // The step failed; its caller gets the error.
      } finally {
        handle.dispose();
      }
    }
    return { start, end: nowMicros(), spans, steps: read };
  }
}
