/** What is noted of steps while somebody profiles; nothing otherwise. Reads handles when it ends. */
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
  /** Start, begin and end of each collective, end; microseconds since the epoch. */
  readonly times: readonly number[];
}

/** All that was noted. */
export interface Profiled {
  readonly start: number;
  readonly end: number;
  readonly spans: readonly ProfiledSpan[];
  readonly steps: readonly ProfiledStep[];
}

type InFlightStep = Omit<ProfiledStep, 'times'> & { readonly handle: TensorHandle; readonly executor: EagerExecutor };

const nowMicros = (): number => (performance.timeOrigin + performance.now()) * 1000;

/** Whether, and what, an engine's steps note. */
export class Profiling {
  #noted: { readonly start: number; readonly spans: ProfiledSpan[]; readonly steps: InFlightStep[] } | undefined;

  /** Steps that are recorded now tell their times. */
  get isOn(): boolean {
    return this.#noted !== undefined;
  }

  start(): void {
    this.#noted = { start: nowMicros(), spans: [], steps: [] };
  }

  /** Notes how long `body` takes on this thread. */
  span<Result>(name: string, body: () => Result): Result {
    const noted = this.#noted;
    if (noted === undefined) return body();
    const start = nowMicros();
    try {
      return body();
    } finally {
      noted.spans.push({ name, start, end: nowMicros() });
    }
  }

  /** Takes over the handle of a function's times. */
  addStep(step: InFlightStep): void {
    if (this.#noted === undefined) step.handle.dispose();
    else this.#noted.steps.push(step);
  }

  /** Waits for the steps that were noted. Those that failed are left out. */
  async stop(): Promise<Profiled> {
    const { start, spans, steps } = this.#noted ?? { start: 0, spans: [], steps: [] };
    this.#noted = undefined;
    const read: ProfiledStep[] = [];
    for (const { handle, executor, ...step } of steps) {
      try {
        const seconds = (await executor.read(handle)) as Float64Array;
        read.push({ ...step, times: Array.from(seconds, (second) => second * 1e6) });
      } catch {
        // Its own caller is told.
      } finally {
        handle.dispose();
      }
    }
    return { start, end: nowMicros(), spans, steps: read };
  }
}
